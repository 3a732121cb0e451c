from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "porchlight.trust"
    label = "trust"
