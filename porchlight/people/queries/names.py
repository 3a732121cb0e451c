"""Whom a typed name means, and whether a name is free."""

from uuid import UUID

from django.db.models import Case, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Replace

from porchlight.kit.viewer import Viewer
from porchlight.kit.words import clean_line, drawn, skeleton
from porchlight.people import models

MOST_TWINS = 9
"""People of one network with one skeleton: some had their names before those counted as alike."""


def named(*, network_id: UUID, name: str) -> QuerySet[models.Person]:
    """Who is meant by a name somebody typed: first whoever writes it just so, then who looks so.

    Mostly one person. Where two had their names before these counted as alike, the later one's
    skeleton ends in a space and a number (migration 0014), and each is found by their own letters.
    Costs: one query.
    """
    looks = skeleton(name)
    keys = [looks, *(f"{looks} {number}" for number in range(2, MOST_TWINS + 1))]
    is_other = Case(When(name=clean_line(name), then=0), default=1)
    rows = models.Person.objects.filter(network_id=network_id, left_at=None, skeleton__in=keys)
    return rows.order_by(is_other, "skeleton")


def who_is_meant(*, network_id: UUID, name: str) -> Subquery:
    """The id of the one person a typed name means, to find their login by."""
    return Subquery(named(network_id=network_id, name=name).values("id")[:1])


def is_name_taken(*, viewer: Viewer, name: str) -> bool:
    """Whether somebody else of this network has a name that looks like this one.

    Costs: one query; a second one, over the whole network, for a name with a bare line (I, l) in
    it that nobody has.
    """
    mine = Q(id=viewer.person_id)
    if named(network_id=viewer.network.id, name=name).exclude(mine).exists():
        return True
    looks = drawn(name)
    if "l" not in looks:
        return False
    lines = Replace("skeleton", Value("i"), Value("l"))
    rows = models.Person.objects.filter(network_id=viewer.network.id, left_at=None)
    near = rows.exclude(mine).alias(lines=lines).filter(lines=skeleton(name).replace("i", "l"))
    return any(drawn(other) == looks for other in near.values_list("name", flat=True))
