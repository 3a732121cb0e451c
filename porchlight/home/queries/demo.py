"""What there is of the demo."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from porchlight.home.rules.cast import Described
from porchlight.kit.viewer import Viewer
from porchlight.people import models


def login_of_described(one: Described, *, viewer: Viewer | None = None) -> models.Login | None:
    """The login of one of the six; only in a network that was made by the demo."""
    return (
        models.Login.objects.filter(
            network__slug=one.network,
            network__is_demo=True,
            network__closed_at=None,
            person_id=one.person_id,
            person__left_at=None,
            is_active=True,
        )
        .select_related("network", "person")
        .first()
    )


def has_demo(*, viewer: Viewer | None = None) -> bool:
    """Whether a network of the demo is on this install."""
    return models.Network.objects.filter(is_demo=True).exists()


def has_any_network(*, viewer: Viewer | None = None) -> bool:
    """Whether anybody started a network on this install, the demo's own among them."""
    return models.Network.objects.exists()


def tables_of_a_network(*, viewer: Viewer | None = None) -> list[Any]:
    """Every table of ours with a network_id, whichever area it belongs to and whenever it came."""
    return [
        table
        for table in apps.get_models(include_auto_created=True)
        if table.__module__.startswith("porchlight.")
        and any(field.attname == "network_id" for field in table._meta.concrete_fields)
    ]


def rows_left(*, networks: list[UUID], viewer: Viewer | None = None) -> dict[str, int]:
    """How many rows of these networks each table still has; empty when nothing is left."""
    left: dict[str, int] = {}
    for table in [*tables_of_a_network(), models.Network]:
        column = "id" if table is models.Network else "network_id"
        name = connection.ops.quote_name(table._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {name} WHERE {column} = ANY(%s)", [networks])  # noqa: S608
            found = int(cursor.fetchone()[0])
        if found:
            left[table._meta.db_table] = found
    return left
