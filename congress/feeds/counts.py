"""How many secret calendars there are."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from congress.congresses.models import Congress
from congress.core.db import db
from congress.feeds.models import FeedToken


def calendars_of_people(congress: Congress) -> Counter[int]:
    """How many live secret calendars of their own people have, by the id of the registration."""
    rows = db.session.execute(
        select(FeedToken.registration_id, func.count())
        .where(FeedToken.congress_id == congress.id, FeedToken.registration_id.is_not(None), FeedToken.revoked_at.is_(None))
        .group_by(FeedToken.registration_id)
    )
    return Counter({registration_id: number for registration_id, number in rows if registration_id is not None})
