"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.trust import views

app_name = "trust"
urlpatterns: list[URLPattern] = [
    path("n/<slug:slug>/vouch/<uuid:person_id>/", views.vouch, name="vouch"),
]
