"""Buddies: two people who look out for each other."""

BUDDY_SEATS = 5
"""At most five each, so that it means something; the database holds it. Source: DESIGN.md."""
