from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "porchlight.sharing"
    label = "sharing"

    def ready(self) -> None:
        from porchlight.people.rules.network_rules import declare
        from porchlight.sharing.rules.caps import RULES

        declare(*RULES)
