"""People, how they sign in, and how they come in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now

from porchlight.kit.tables import Creatable, SameNetwork, made_once, own_network
from porchlight.people.models.networks import Network


class Person(Creatable):
    """Somebody of a network, with or without a login. Seen by people of their own circles only."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    skeleton = models.CharField(max_length=120)  # kit.words.skeleton, rarely with a number: `named`
    language = models.CharField(max_length=8)
    speaks = models.JSONField(default=list)
    level = models.CharField(max_length=12)  # people.rules.rights.Level
    is_founder = models.BooleanField(default=False)
    is_under_18 = models.BooleanField(default=False)
    invited_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    invite_id = models.UUIDField(null=True)
    quiet_from = models.PositiveSmallIntegerField(null=True)  # minutes after midnight, network time
    quiet_until = models.PositiveSmallIntegerField(null=True)
    theme = models.CharField(max_length=6, default="auto")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # set on leaving: the name goes then
    erased_at = models.DateTimeField(null=True)  # they erased everything: an empty row for a day
    hushed_at = models.DateTimeField(null=True)  # may have died: nothing automatic goes to them
    died_at = models.DateTimeField(null=True)  # two keepers said so: the account is closed
    house_has_name = models.BooleanField(default=True, db_default=True)  # once they died: the pod's

    class Meta:
        constraints = [
            made_once("person_once"),
            own_network("person_network"),
            SameNetwork(field="invited_by_id", table="people_person", name="person_invited_by"),
            models.UniqueConstraint(
                fields=["network", "skeleton"],
                condition=models.Q(left_at=None),
                name="person_name_distinct",
            ),
            models.CheckConstraint(
                # `NULL BETWEEN …` is neither true nor false, and a check lets that pass.
                condition=models.Q(quiet_from=None, quiet_until=None)
                | models.Q(
                    quiet_from__isnull=False,
                    quiet_until__isnull=False,
                    quiet_from__range=(0, 1439),
                    quiet_until__range=(0, 1439),
                ),
                name="person_quiet_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(died_at=None) | models.Q(hushed_at__isnull=False),
                name="person_died_is_hushed",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(name="", left_at__isnull=False),
                name="person_erased_is_empty",
            ),
        ]


class LoginManager(BaseUserManager["Login"]):
    """Django asks for it by this name; logins are made by people.actions only."""

    def get_by_natural_key(self, username: str | None) -> "Login":
        return self.get(handle=username)


class Login(AbstractBaseUser):
    """Name and password of one person in one network. Needs no e-mail."""

    id = models.UUIDField(primary_key=True, editable=False)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    handle = models.CharField(unique=True, max_length=180)  # "<network id>:<the person's skeleton>"
    recovery = models.CharField(max_length=200)  # argon2 of the recovery words
    is_active = models.BooleanField(default=True)
    last_login = None  # when somebody was last here is nobody's business
    sealed_waits_until = models.DateTimeField(null=True)  # after a way in by two members

    USERNAME_FIELD = "handle"
    objects = LoginManager()

    class Meta:
        constraints = [
            SameNetwork(
                field="person_id", table="people_person", name="login_person", on_delete="CASCADE"
            )
        ]


class Session(AbstractBaseSession):
    """Somebody signed in on one device; the cookie's value is kept as a hash only."""

    login = models.ForeignKey(Login, on_delete=models.CASCADE, null=True, related_name="+")
    device_id = models.UUIDField(  # names it on a page, where the key must not stand
        unique=True, db_default=models.Func(function="gen_random_uuid")
    )
    began_at = models.DateTimeField(db_default=Now())
    label_guarded = models.BinaryField(null=True)  # the device's name, typed by its owner

    @classmethod
    def get_session_store_class(cls) -> type:
        from porchlight.people.sessions import SessionStore

        return SessionStore


class Invite(Creatable):
    """A way in for one person: single use, seven days, bound to who invites and to a circle."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    circle = models.ForeignKey(
        "people.Circle", on_delete=models.CASCADE, null=True, db_constraint=False, related_name="+"
    )
    inviter = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="+"
    )
    is_founding = models.BooleanField(default=False)  # for the first keepers, made with the network
    code_index = models.BinaryField(
        unique=True
    )  # vault.index of the words; link and QR carry the same words
    code_guarded = models.BinaryField(
        null=True
    )  # so that the inviter can show it again; gone once used
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("invite_once"),
            own_network("invite_network"),
            SameNetwork(
                field="inviter_id",
                table="people_person",
                name="invite_inviter",
                on_delete="CASCADE",
            ),
            SameNetwork(field="used_by_id", table="people_person", name="invite_used_by"),
            SameNetwork(
                field="circle_id", table="people_circle", name="invite_circle", on_delete="CASCADE"
            ),
        ]


class JoinRequest(Creatable):
    """Somebody who scanned a poster and waits for a neighbour to answer."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    name_guarded = models.BinaryField()
    words_guarded = models.BinaryField()  # how a neighbour can recognise or reach them
    language = models.CharField(max_length=8)
    code_index = models.BinaryField(unique=True)  # the words with which they come back to look
    state = models.CharField(max_length=10)  # people.rules.joining.RequestState
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    invite = models.ForeignKey(
        Invite, on_delete=models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            made_once("joinrequest_once"),
            SameNetwork(field="decided_by_id", table="people_person", name="joinrequest_decider"),
            SameNetwork(field="invite_id", table="people_invite", name="joinrequest_invite"),
        ]


class ResetRequest(Creatable):
    """Somebody lost password and words: two members who saw them hand them a new way in."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    code_index = models.BinaryField(null=True, unique=True)  # set when words are handed out
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("resetrequest_once"),
            own_network("resetrequest_network"),
            SameNetwork(
                field="person_id",
                table="people_person",
                name="resetrequest_person",
                on_delete="CASCADE",
            ),
        ]


class ResetApproval(Creatable):
    """One member says: I saw this person, it is them."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    request = models.ForeignKey(
        ResetRequest, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    keeper = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    as_keeper = models.BooleanField(default=True)  # `default`: rows of before members could

    class Meta:
        constraints = [
            made_once("resetapproval_once"),
            models.UniqueConstraint(
                fields=["request", "keeper"], name="resetapproval_two_different"
            ),
            SameNetwork(
                field="request_id",
                table="people_resetrequest",
                name="resetapproval_request",
                on_delete="CASCADE",
            ),
            SameNetwork(
                field="keeper_id",
                table="people_person",
                name="resetapproval_keeper",
                on_delete="CASCADE",
            ),
        ]


class Address(Creatable):
    """One way somebody can be reached, in their own order."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    channel = models.CharField(max_length=12)  # notices.rules.Channel
    value_guarded = models.BinaryField()
    value_index = models.BinaryField()
    label_guarded = models.BinaryField(null=True)  # a device's name, typed by its owner
    device_hash = models.BinaryField(null=True, unique=True)  # of the key this device keeps
    is_landline = models.BooleanField(default=False, db_default=False)  # calls only
    may_text = models.BooleanField(default=True, db_default=True)  # of a phone: its owner's choice
    may_call = models.BooleanField(default=True, db_default=True)
    stopped_at = models.DateTimeField(null=True)  # STOP came from it: nothing goes there
    rank = models.PositiveSmallIntegerField()
    verified_at = models.DateTimeField(null=True)
    code_index = models.BinaryField(null=True)  # of the code that was sent to it
    code_expires_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("address_once"),
            models.UniqueConstraint(
                fields=["person", "channel", "value_index"],
                condition=models.Q(removed_at=None),
                name="address_distinct",
            ),
            models.UniqueConstraint(
                fields=["person", "rank"],
                condition=models.Q(removed_at=None),
                name="address_order",
            ),
            models.CheckConstraint(
                condition=models.Q(is_landline=False) | models.Q(may_text=False),
                name="address_landline_takes_no_texts",
            ),
            SameNetwork(
                field="person_id", table="people_person", name="address_person", on_delete="CASCADE"
            ),
        ]


class CodeSent(models.Model):
    """That a code went to an address, for a day: outlives the address, so that a limit holds."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    value_index = models.BinaryField()  # of the address, the same in every network
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            SameNetwork(
                field="person_id",
                table="people_person",
                name="codesent_person",
                on_delete="CASCADE",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "at"], name="codesent_by_person"),
            models.Index(fields=["value_index", "at"], name="codesent_to_address"),
        ]


class AlertKey(Creatable):
    """A key on somebody's device that can only raise and follow their own alert, signed out too."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    label_guarded = models.BinaryField()  # the device's name, typed by its owner
    key_hash = models.BinaryField(unique=True)  # sha256: the key itself has 256 random bits
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            made_once("alertkey_once"),
            SameNetwork(
                field="person_id",
                table="people_person",
                name="alertkey_person",
                on_delete="CASCADE",
            ),
        ]
