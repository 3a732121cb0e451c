"""Addresses of this area."""

from django.urls import path

from porchlight.home.views.alive import alive
from porchlight.home.views.emergency import emergency
from porchlight.home.views.ending import ending
from porchlight.home.views.kept import kept
from porchlight.home.views.machine import machine
from porchlight.home.views.more import limits, more
from porchlight.home.views.street import home
from porchlight.home.views.welcome import demo_sign_in, welcome
from porchlight.home.views.where import where

app_name = "home"
urlpatterns = [
    path("", welcome, name="welcome"),
    path("demo/be/", demo_sign_in, name="demo-sign-in"),
    path("r/<uuid:thing>", where, name="where"),
    path("alive/", alive, name="alive"),
    path("n/<slug:slug>/", home, name="home"),
    path("n/<slug:slug>/emergency/", emergency, name="emergency"),
    path("n/<slug:slug>/more/", more, name="more"),
    path("n/<slug:slug>/keepers/end/", ending, name="ending"),
    path("n/<slug:slug>/keepers/machine/", machine, name="machine"),
    path("n/<slug:slug>/kept/", kept, name="kept"),
    path("n/<slug:slug>/limits/", limits, name="limits"),
]
