"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.trust.views import deaths, seen, vouches

app_name = "trust"
urlpatterns: list[URLPattern] = [
    path("n/<slug:slug>/vouch/<uuid:person_id>/", vouches.vouch, name="vouch"),
    path("n/<slug:slug>/keepers/died/", deaths.died, name="deaths"),
    path("n/<slug:slug>/keepers/died/<uuid:person_id>/wrong/", deaths.not_died, name="not-died"),
    path("n/<slug:slug>/me/seen/", seen.seen, name="seen"),
    path("n/<slug:slug>/me/seen/<uuid:disclosure_id>/stop/", seen.stop, name="stop-showing"),
]
