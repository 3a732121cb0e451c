from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "porchlight.kit"
    label = "kit"
