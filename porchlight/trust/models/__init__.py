"""The tables of this area, split by subject."""

from porchlight.trust.models.countersigns import Countersign, Countersignature
from porchlight.trust.models.disclosures import Disclosure, Reading
from porchlight.trust.models.paper import PaperChoice
from porchlight.trust.models.reports import Report, ReportEvent, ReportReceiver
from porchlight.trust.models.vouches import Vouch

__all__ = [
    "Countersign",
    "Countersignature",
    "Disclosure",
    "PaperChoice",
    "Reading",
    "Report",
    "ReportEvent",
    "ReportReceiver",
    "Vouch",
]
