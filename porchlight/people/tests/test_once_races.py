"""Twelve equal forms at the same moment make one row, and none of them is an error."""

from uuid import uuid4

import pytest

from porchlight.kit import clock
from porchlight.people import models
from porchlight.people.actions import circles, networks, training
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.networks import Founding
from porchlight.people.rules.training import Trained
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FORMS = 12


def test_one_group_is_opened() -> None:
    viewer, key, now = cast.viewer(cast.bo()), uuid4(), clock.now()

    def send() -> object:
        return circles.open_circle(
            viewer=viewer,
            kind=Kind.COMMITTEE,
            name="Tree group",
            purpose="",
            source=viewer.source,
            client_key=key,
            now=now,
        ).id

    assert len(set(at_once(*[send] * FORMS))) == 1
    assert (models.Circle.objects.count(), models.Membership.objects.count()) == (1, 1)


def test_one_network_is_started() -> None:
    key, now = uuid4(), clock.now()
    founding = Founding(
        name="Linden Street",
        slug="linden",
        zone="Europe/Amsterdam",
        languages=("en",),
        emergency_number="112",
        local_numbers=(),
        pod_name="Corner pod",
        middle_cell="",
    )

    def send() -> object:
        return networks.start_network(founding=founding, first=None, client_key=key, now=now).codes

    assert len(set(at_once(*[send] * FORMS))) == 1
    assert (models.Network.objects.count(), models.Invite.objects.count()) == (1, 2)


def test_one_confirmation_is_written_and_a_repeat_is_no_refusal() -> None:
    bo, eli = cast.bo(), cast.person("Eli")
    pod = cast.circle()
    cast.membership(bo, pod)
    cast.membership(eli, pod)
    now = clock.now()
    entry = training.write_training(
        viewer=cast.viewer(bo),
        role=Trained.FIRST_AID,
        from_on=now.date(),
        until_on=now.date().replace(year=now.year + 1),
        client_key=uuid4(),
        now=now,
    )
    viewer, key = cast.viewer(eli), uuid4()

    def send() -> object:
        return training.confirm_training(
            viewer=viewer, training_id=entry.id, client_key=key, now=now
        ).id

    assert at_once(*[send] * FORMS) == [entry.id] * FORMS
    assert models.TrainedRoleConfirmation.objects.count() == 1
