"""The shell, as Django knows it."""

from django.apps import AppConfig


class BrowserConfig(AppConfig):
    name = "porchlight.browser"
    label = "browser"
