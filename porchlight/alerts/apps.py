from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "porchlight.alerts"
    label = "alerts"

    def ready(self) -> None:
        from porchlight.alerts.rules.kinds import RULE_KEYS
        from porchlight.people.rules.network_rules import declare

        declare(*RULE_KEYS)
