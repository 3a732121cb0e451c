"""Everything this area knows about somebody, for themselves only."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Channel
from porchlight.people import models
from porchlight.people.queries.alert_keys import LABEL
from porchlight.people.queries.devices import device_name
from porchlight.people.queries.factors import factors_of
from porchlight.people.queries.on_call import own_on_call
from porchlight.people.queries.own import own_id
from porchlight.people.queries.places import places_of
from porchlight.people.queries.reaching import ADDRESS_PURPOSE, label_of
from porchlight.people.rules.hours import spans


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """The viewer's own rows in plain words. Anybody else's do not exist.

    Answers the moment `export_of`. Costs: a query a table.
    """
    if own_id(viewer=viewer) != person_id:
        raise NotHere
    return {
        "person": _person(viewer),
        "ways_to_be_reached": _addresses(viewer),
        "circles": _circles(viewer),
        "roles": _mandates(viewer),
        "trained_roles": _trained(viewer),
        "places": places_file(viewer=viewer),
        "on_call": _on_call(viewer),
        "asked_for_help": _asked(viewer),
        "buddies": _buddies(viewer),
        "blocks": _blocks(viewer),
        "invites": _invites(viewer),
        "phones": _alert_keys(viewer),
        "signed_in_on": _devices(viewer),
        "second_step": _factors(viewer),
        "asks_to_join": _membership_asks(viewer),
        "signed_in": _sessions(viewer),
        "said_hello_on": _hellos(viewer),
        "new_ways_in": _resets(viewer),
        "trainings_i_confirmed": _confirmed(viewer),
        "what_i_did": _deeds(viewer),
    }


def places_file(*, viewer: Viewer) -> list[dict[str, Any]]:
    """The viewer's own places with their words. Costs: one query."""
    return [
        {
            "kind": str(place.kind),
            "label": place.label,
            "address": place.address,
            "door_note": place.door_note,
            "exact_spot_cell": place.pin,
            "cells": list(place.cells),
            "hours": _hours(place.hours),
            "entered_at": place.created_at,
        }
        for place in places_of(viewer=viewer)
    ]


def _on_call(viewer: Viewer) -> list[dict[str, Any]]:
    return [
        {
            "group": row.circle.name,
            "hours": _hours(bytes(row.hours)),
            "until": row.expires_at,
        }
        for row in own_on_call(viewer=viewer)
    ]


def _hours(mask: bytes) -> list[dict[str, Any]]:
    return [
        {"days": list(span.days), "from": span.from_hour, "until": span.until}
        for span in spans(mask)
    ]


def _person(viewer: Viewer) -> dict[str, Any]:
    row = models.Person.objects.get(network_id=viewer.network.id, id=own_id(viewer=viewer))
    return {
        "name": row.name,
        "language": row.language,
        "speaks": row.speaks,
        "level": row.level,
        "is_founder": row.is_founder,
        "is_under_18": row.is_under_18,
        "quiet_from_minute": row.quiet_from,
        "quiet_until_minute": row.quiet_until,
        "joined_at": row.joined_at,
    }


def _mine(viewer: Viewer) -> dict[str, UUID]:
    return {"network_id": viewer.network.id, "person_id": own_id(viewer=viewer)}


def _addresses(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.Address.objects.filter(**_mine(viewer), removed_at=None).order_by("rank", "id")
    return [
        {
            "channel": row.channel,
            "name": label_of(row),
            "address": vault.reveal(
                row.value_guarded, purpose=ADDRESS_PURPOSE, whose=row.person_id
            ),
            "order": row.rank,
            "checked_at": row.verified_at,
            "gets_texts": row.may_text if row.channel == Channel.SMS else None,
            "gets_calls": row.may_call if row.channel == Channel.SMS else None,
            "stopped_at": row.stopped_at,
        }
        for row in rows
    ]


def _circles(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.Membership.objects.filter(**_mine(viewer)).order_by("from_at", "id")
    return [
        {
            "kind": row.kind,
            "name": row.circle.name,
            "from": row.from_at,
            "until": row.until_at,
        }
        for row in rows.select_related("circle")
    ]


def _mandates(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.Mandate.objects.filter(**_mine(viewer)).order_by("from_at", "id")
    return [
        {
            "role": row.role,
            "circle": row.circle.name if row.circle else None,
            "from": row.from_at,
            "until": row.until_at,
            "given_by": row.source_kind,
            "ended_at": row.ended_at,
        }
        for row in rows.select_related("circle")
    ]


def _trained(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.TrainedRole.objects.filter(**_mine(viewer)).order_by("from_on", "id")
    return [
        {
            "role": row.role,
            "from": row.from_on,
            "until": row.until_on,
            "confirmed_at": row.confirmed_at,
        }
        for row in rows
    ]


def _asked(viewer: Viewer) -> dict[str, Any]:
    """How often the viewer was asked because of a place or a training. Nobody else sees it."""
    days = models.AskedOn.objects.filter(**_mine(viewer)).order_by("day")
    row = models.Reach.objects.filter(**_mine(viewer)).order_by("id").first()
    return {
        "last_at": row.last_asked_at if row else max((day.last_at for day in days), default=None),
        "days": [{"day": day.day, "times": day.times} for day in days],
    }


def _buddies(viewer: Viewer) -> list[dict[str, Any]]:
    me = own_id(viewer=viewer)
    rows = models.Buddy.objects.filter(
        Q(asker_id=me) | Q(asked_id=me), network_id=viewer.network.id
    ).order_by("created_at", "id")
    return [
        {
            "name": row.asked.name if row.asker_id == me else row.asker.name,
            "i_asked": row.asker_id == me,
            "state": row.state,
            "since": row.created_at,
        }
        for row in rows.select_related("asker", "asked")
    ]


def _blocks(viewer: Viewer) -> list[dict[str, Any]]:
    """Only those the viewer made: who blocked them is not theirs to know."""
    rows = models.Block.objects.filter(
        network_id=viewer.network.id, blocker_id=own_id(viewer=viewer)
    ).order_by("created_at", "id")
    return [
        {"name": row.blocked.name, "since": row.created_at, "lifted_at": row.lifted_at}
        for row in rows.select_related("blocked")
    ]


def _invites(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.Invite.objects.filter(
        network_id=viewer.network.id, inviter_id=own_id(viewer=viewer)
    ).order_by("created_at", "id")
    return [
        {
            "made_at": row.created_at,
            "until": row.expires_at,
            "used_at": row.used_at,
            "taken_back_at": row.revoked_at,
        }
        for row in rows
    ]


def _membership_asks(viewer: Viewer) -> list[dict[str, Any]]:
    me = own_id(viewer=viewer)
    rows = models.MembershipAsk.objects.filter(
        Q(person_id=me) | Q(asked_by_id=me), network_id=viewer.network.id
    ).order_by("created_at", "id")
    return [
        {
            "group": row.circle.name,
            "for_me": row.person_id == me,
            "state": row.state,
            "at": row.created_at,
            "answered_at": row.answered_at,
        }
        for row in rows.select_related("circle")
    ]


def _sessions(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.Session.objects.filter(login__person_id=own_id(viewer=viewer))
    return [{"until": row.expire_date} for row in rows.order_by("expire_date")]


def _hellos(viewer: Viewer) -> list[Any]:
    return [row.day for row in models.Hello.objects.filter(**_mine(viewer)).order_by("day")]


def _resets(viewer: Viewer) -> dict[str, Any]:
    mine = models.ResetRequest.objects.filter(**_mine(viewer)).order_by("created_at", "id")
    others = models.ResetApproval.objects.filter(
        network_id=viewer.network.id, keeper_id=own_id(viewer=viewer)
    ).order_by("created_at", "id")
    return {
        "i_asked": [{"at": row.created_at, "used_at": row.used_at} for row in mine],
        "i_met_somebody_at": [row.created_at for row in others],
    }


def _confirmed(viewer: Viewer) -> list[Any]:
    rows = models.TrainedRoleConfirmation.objects.filter(
        network_id=viewer.network.id, by_id=own_id(viewer=viewer)
    )
    return [row.created_at for row in rows.order_by("created_at", "id")]


def _deeds(viewer: Viewer) -> list[dict[str, Any]]:
    """The audit's lines about the viewer's own deeds: what and when."""
    rows = models.AuditRow.objects.filter(
        network_id=viewer.network.id, actor_id=own_id(viewer=viewer)
    )
    return [{"at": row.at, "what": row.verb} for row in rows.order_by("id")]


def _alert_keys(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.AlertKey.objects.filter(**_mine(viewer)).order_by("created_at", "id")
    return [
        {
            "name": vault.reveal(row.label_guarded, purpose=LABEL, whose=row.person_id),
            "made_at": row.created_at,
            "until": row.expires_at,
            "ended_at": row.revoked_at,
        }
        for row in rows
    ]


def _devices(viewer: Viewer) -> list[dict[str, Any]]:
    """Where somebody is signed in. The keys are no words of theirs."""
    me = own_id(viewer=viewer)
    rows = models.Session.objects.filter(login__person_id=me).order_by("began_at")
    return [{"name": device_name(row), "since": row.began_at} for row in rows]


def _factors(viewer: Viewer) -> dict[str, Any]:
    """What is set up, without the secrets: whoever reads the file must not get in with it."""
    found = factors_of(viewer=viewer)
    return {
        "app_since": found.app_since,
        "passkeys": [{"name": key.name, "since": key.added_at} for key in found.passkeys],
        "codes_left": found.codes_left,
    }
