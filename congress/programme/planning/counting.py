"""What stands around an item, such as its people and presentations, counts as a change of the item."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from congress.core.db import db
from congress.programme.models import ProgrammeItem


def count(item: ProgrammeItem, *, now: datetime) -> None:
    """One version more, also within the same instant: whoever edits an older one is told. Flushes."""
    item.changed_at = now
    flag_modified(item, "changed_at")
    db.session.flush()
