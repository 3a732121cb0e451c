"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.trust.views import vouches

app_name = "trust"
urlpatterns: list[URLPattern] = [
    path("n/<slug:slug>/vouch/<uuid:person_id>/", vouches.vouch, name="vouch"),
]
