"""What is left of signing in and helps nobody any more: browsers that are out, links that ended long ago, guesses of the day before."""

from __future__ import annotations

from datetime import datetime

from congress.accounts.signing import guesses, sessions, tickets
from congress.web import signing


def purge(*, now: datetime) -> int:
    """Delete it; how many rows there were."""
    return sessions.forget_old(signing.lasts(), now=now) + tickets.forget_old(now) + guesses.forget_old(now)
