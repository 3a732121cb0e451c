"""Pieces that tables of all areas share."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import QuerySet


class SameNetwork(models.BaseConstraint):
    """A foreign key over (network_id, field): no row can point into another network.

    The field itself is declared as an ordinary `ForeignKey(db_constraint=False)`; the table it
    points to has a unique (network_id, id), see `own_network`.
    """

    def __init__(self, *, field: str, table: str, name: str, on_delete: str = "NO ACTION") -> None:
        super().__init__(name=name)
        self.field, self.table, self.on_delete = field, table, on_delete

    def _clause(self, schema_editor: BaseDatabaseSchemaEditor) -> str:
        quote = schema_editor.quote_name
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY (network_id, {quote(self.field)}) "
            f"REFERENCES {quote(self.table)} (network_id, id) ON DELETE {self.on_delete} "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    # Put off to the end of the migration, when the unique key it points to exists for sure.
    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        return self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        schema_editor.deferred_sql.append(f"ALTER TABLE {table} ADD {self._clause(schema_editor)}")
        return ""

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, *_: Any, **__: Any) -> None:
        """The database checks."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"field": self.field, "table": self.table, "on_delete": self.on_delete}
        return path, tuple(args), kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameNetwork) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


def own_network(name: str) -> models.UniqueConstraint:
    """Lets other tables point here with `SameNetwork`."""
    return models.UniqueConstraint(fields=["network", "id"], name=name)


def made_once(name: str) -> models.UniqueConstraint:
    """The same form sent twice makes one row (promise 1)."""
    return models.UniqueConstraint(fields=["network", "source", "client_key"], name=name)


class Creatable(models.Model):
    """A row that somebody makes with a form, exactly once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.CharField(max_length=80)
    client_key = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=models.Model)


def first_made(
    rows: "models.Manager[Row]", *, network_id: UUID, source: str, client_key: UUID
) -> Row | None:
    """The row this very form made before, if it did: a repeat answers the first row.

    Asked after the action has locked the row that decides; two tabs at once then queue up, and the
    unique constraint (`made_once`) stands behind.
    """
    return rows.filter(network_id=network_id, source=source, client_key=client_key).first()


def unsign(tables: "Iterable[type[Creatable]]", *, network_id: UUID, person_id: UUID) -> None:
    """Take somebody who is erased out of the sources of rows: what they made for others stays.

    Each area calls it for its own tables. Keys of one row never meet those of another: all random.
    """
    for table in tables:
        rows: QuerySet[Any] = table._default_manager.all()
        mine = {"network_id": network_id, "source__endswith": str(person_id)}
        rows.filter(**mine).update(source="erased")
