"""Whose own things may be read: only somebody who signed in."""

from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer


def own_id(*, viewer: Viewer) -> UUID:
    """The person whose own things these are; an alert key, a link or nobody has none."""
    if viewer.person_id is None or viewer.scope is not Scope.SESSION:
        raise NotHere
    return viewer.person_id
