"""Addresses of the shell itself."""

from django.urls import path

from porchlight.browser import views

app_name = "browser"
urlpatterns = [
    path("look/", views.look, name="look"),
    path("language/", views.language, name="language"),
    path("leave/", views.leave, name="leave"),
    path("offline/", views.offline, name="offline"),
    path("sheet/", views.sheet, name="sheet"),
    path("design/", views.gallery, name="design"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.worker, name="worker"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
]
