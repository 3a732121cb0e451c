"""The tables of this area, split by subject."""

from porchlight.trust.models.countersigns import Countersign, Countersignature
from porchlight.trust.models.disclosures import Disclosure, Reading
from porchlight.trust.models.vouches import Vouch

__all__ = ["Countersign", "Countersignature", "Disclosure", "Reading", "Vouch"]
