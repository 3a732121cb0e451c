"""Pages of the bell, the inbox and, in a demo, the phones."""

from porchlight.notices.views.news import bell_piece

__all__ = ["bell_piece"]
