from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "porchlight.people"
    label = "people"


class Accounts(AppConfig):
    """Tables that allauth.mfa's code asks for. No row is ever written to them (checks.py)."""

    name = "allauth.account"
    label = "account"
    default_auto_field = "django.db.models.AutoField"


class SecondFactors(AppConfig):
    """Passkeys, apps for codes and codes on paper. Its addresses and pages are not used: ours are.

    Without the library's own `ready`: it would listen to signals of pages that do not exist here.
    """

    name = "allauth.mfa"
    label = "mfa"
    default_auto_field = "django.db.models.BigAutoField"
