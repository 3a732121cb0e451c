"""Pieces of tables: no row points into another network, and a form makes one row."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from porchlight.kit.tables import SameNetwork

OURS = ("notices", "people", "trust")


def constraints() -> list[tuple[type[models.Model], SameNetwork]]:
    return [
        (model, constraint)
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, SameNetwork)
    ]


@pytest.mark.django_db
def test_every_such_constraint_stands_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
        )
        found = dict(cursor.fetchall())
    wanted = constraints()
    assert len(wanted) > 20
    for _model, constraint in wanted:
        assert found[constraint.name].startswith("FOREIGN KEY (network_id, "), constraint.name


def test_every_reference_between_tables_with_a_network_is_held_by_one() -> None:
    held = {(model, constraint.field) for model, constraint in constraints()}
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                # Those the database checks alone point to networks, or to rows of the same one.
                if not isinstance(field, models.ForeignKey) or vars(field)["db_constraint"]:
                    continue
                assert (model, field.attname) in held, f"{model.__name__}.{field.name}"


def test_equal_constraints_are_equal_and_survive_a_migration_file() -> None:
    one = SameNetwork(field="person_id", table="people_person", name="x", on_delete="CASCADE")
    path, arguments, named = one.deconstruct()
    assert path == "porchlight.kit.tables.SameNetwork"
    assert SameNetwork(*arguments, **named) == one
    assert one != SameNetwork(field="person_id", table="people_person", name="x")


@pytest.mark.django_db(transaction=True)
def test_a_row_cannot_point_into_another_network() -> None:
    with connection.cursor() as cursor:
        here, there, ada, cy = (uuid4() for _id in range(4))
        for network, slug in ((here, "here"), (there, "there")):
            cursor.execute(
                "INSERT INTO people_network (id, slug, name, zone, languages, emergency_number, "
                "middle_cell, created_at, is_demo) "
                "VALUES (%s, %s, 'x', 'UTC', '[]', '112', '', now(), false)",
                [network, slug],
            )
        for person, network in ((ada, here), (cy, there)):
            cursor.execute(
                "INSERT INTO people_person (id, network_id, source, client_key, created_at, name, "
                "skeleton, language, speaks, level, is_founder, is_under_18, theme, joined_at) "
                "VALUES (%s, %s, 'x', %s, now(), 'x', 'x', 'en', '[]', 'member', false, false, "
                "'auto', now())",
                [person, network, uuid4()],
            )
        with pytest.raises(IntegrityError, match="person_invited_by"), transaction.atomic():
            cursor.execute("UPDATE people_person SET invited_by_id = %s WHERE id = %s", [ada, cy])
