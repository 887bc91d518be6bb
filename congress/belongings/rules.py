"""How long links and visits last. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LINK_LASTS = timedelta(minutes=30)
VISIT_LASTS = timedelta(hours=8)
KEPT_FOR = timedelta(days=1)  # then nothing of a visit is left, nor of the address that was typed
LINKS_AT_ONCE = 5  # of one address: whoever types somebody else's address must not fill that mailbox


def may_be_followed(asked_at: datetime, opened_at: datetime | None, now: datetime) -> bool:
    """Whether the mailed link still opens something: once, and in time."""
    return opened_at is None and now < asked_at + LINK_LASTS


def goes_on(opened_at: datetime | None, ended_at: datetime | None, now: datetime) -> bool:
    """Whether the browser of a visit may still see what belongs to the address."""
    return opened_at is not None and ended_at is None and now < opened_at + VISIT_LASTS
