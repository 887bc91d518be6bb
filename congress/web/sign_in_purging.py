"""What is left of signing in and helps nobody any more: browsers that are out."""

from __future__ import annotations

from datetime import datetime

from congress.accounts.signing import sessions
from congress.web.signing import browsers


def purge(*, now: datetime) -> int:
    """Delete it; how many rows there were."""
    return sessions.forget_old(browsers.lasts(), now=now)
