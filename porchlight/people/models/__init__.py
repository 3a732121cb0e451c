"""The tables of this area, split by subject."""

from porchlight.people.models.circles import (
    Block,
    Buddy,
    BuddySeat,
    Circle,
    Hello,
    Mandate,
    Membership,
    MembershipAsk,
    TrainedRole,
    TrainedRoleConfirmation,
)
from porchlight.people.models.networks import AuditRow, LocalNumber, Network, NetworkRule
from porchlight.people.models.persons import (
    Address,
    AlertKey,
    CodeSent,
    Invite,
    JoinRequest,
    Login,
    Person,
    ResetApproval,
    ResetRequest,
    Session,
)
from porchlight.people.models.places import AskedOn, Place, Reach

__all__ = [
    "Address",
    "AlertKey",
    "AskedOn",
    "AuditRow",
    "Block",
    "Buddy",
    "BuddySeat",
    "Circle",
    "CodeSent",
    "Hello",
    "Invite",
    "JoinRequest",
    "LocalNumber",
    "Login",
    "Mandate",
    "Membership",
    "MembershipAsk",
    "Network",
    "NetworkRule",
    "Person",
    "Place",
    "Reach",
    "ResetApproval",
    "ResetRequest",
    "Session",
    "TrainedRole",
    "TrainedRoleConfirmation",
]
