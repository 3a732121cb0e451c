"""The tables of this area, split by subject."""

from porchlight.trust.models.vouches import Vouch

__all__ = ["Vouch"]
