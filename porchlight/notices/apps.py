from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "porchlight.notices"
    label = "notices"
