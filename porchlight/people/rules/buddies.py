"""Buddies: two people who look out for each other."""

BUDDY_SEATS = 5
"""At most five each, so that it means something; the database holds it. Source: DESIGN.md."""


def may_be_buddies(*, one_is_under_18: bool, other_is_under_18: bool, share_home: bool) -> bool:
    """Somebody under 18 is never alone with one adult, but for their own household.

    Source: SAFETY.md, «Under 18».
    """
    return share_home or one_is_under_18 == other_is_under_18
