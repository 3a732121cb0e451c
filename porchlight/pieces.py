"""Which area shows a piece on a named place of a lower page."""

PIECES: dict[str, list[str]] = {
    "above": [
        "porchlight.trust.views.lockdown.banner_piece",
        "porchlight.alerts.views.lists.strip_piece",
        "porchlight.people.views.factors.set_up_piece",
    ],
    "bell": ["porchlight.notices.views.bell_piece"],
    "hold": ["porchlight.alerts.views.holding.hold_piece"],
    "menu": ["porchlight.sharing.views.board.menu_piece"],
    "can-wait": ["porchlight.sharing.views.board.can_wait_piece"],
    "foot": ["porchlight.home.views.more.foot_piece"],
    "me": [
        "porchlight.alerts.views.beforehand.me_piece",
        "porchlight.trust.views.seen.me_piece",
    ],
    "keepers": [
        "porchlight.trust.views.deaths.keepers_piece",
        "porchlight.home.views.ending.keepers_piece",
    ],
    "pod": ["porchlight.trust.views.vouches.vouch_piece"],
    "pod-links": ["porchlight.trust.views.paper.pod_piece"],
    "group": [
        "porchlight.trust.views.vouches.vouch_piece",
        "porchlight.trust.views.reports.group_piece",
    ],
}
