"""Who calls: somebody signed in, or a device that may call for its owner and nothing else."""

from porchlight.browser.doors import Request
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.alert_keys import use_alert_key
from porchlight.people.queries.alert_keys import cookie_name


def caller_of(request: Request) -> Viewer | None:
    """Whoever may call for help now; None where the people here switched calls for help off."""
    if "alerts" not in request.network.areas:
        return None
    return asker_of(request)


def asker_of(request: Request) -> Viewer | None:
    """Whoever is signed in here, else whose device this is; None for everybody else.

    A call that runs is theirs to follow and to end, also where no new one may be sent.
    Using the device's key makes it last. Limits of sessions never apply to calling for help.
    """
    if request.viewer.is_someone:
        return request.viewer
    key = request.COOKIES.get(cookie_name(), "")
    return use_alert_key(network=request.network, key=key, now=request.now)
