"""Addresses of this area."""

from django.urls import URLPattern, path

from porchlight.trust.views import lockdown, seen, vouches

app_name = "trust"
urlpatterns: list[URLPattern] = [
    path("n/<slug:slug>/vouch/<uuid:person_id>/", vouches.vouch, name="vouch"),
    path("n/<slug:slug>/locked/", lockdown.lockdown, name="lockdown"),
    path("n/<slug:slug>/locked/lock/", lockdown.lock, name="lock"),
    path("n/<slug:slug>/locked/open/", lockdown.unlock, name="unlock"),
    path("n/<slug:slug>/locked/open/password/", lockdown.unlock_first, name="unlock-first"),
    path("n/<slug:slug>/me/seen/", seen.seen, name="seen"),
    path("n/<slug:slug>/me/seen/<uuid:disclosure_id>/stop/", seen.stop, name="stop-showing"),
]
