"""Writes about when the pages of the form are open."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.sentences import said
from congress.delegates.models import Window
from congress.delegates.vocabulary import Category, Step
from congress.registration.models import Opening, Registration
from congress.registration.organising.decisions import note
from congress.registration.refusals import RegistrationEnded, StepClosed
from congress.registration.services import Actor


def set_window(
    congress: Congress,
    window: Window | None,
    *,
    category: Category | None,
    step: Step | None,
    opens_at: datetime | None,
    closes_at: datetime | None,
) -> Window:
    """Change a window, or add one (``window`` is None)."""
    lock(congress)
    if window is None:
        window = Window(congress_id=congress.id)
        db.session.add(window)
    window.category, window.step, window.opens_at, window.closes_at = category, step, opens_at, closes_at
    db.session.flush()
    return window


def remove_window(window: Window) -> None:
    """Take a window away: what it closed is open again, unless another one says otherwise."""
    db.session.delete(window)
    db.session.flush()


def open_for(registration: Registration, *, step: Step | None, until: datetime, actor: Actor, why: str, now: datetime) -> Opening:
    """Open a page, or all (None), for one person; it stands in the history. Raises StepClosed where the time is over, RegistrationEnded."""
    lock(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    if until <= now:
        raise StepClosed(_("This time is over already. Choose a later one."))
    opening = Opening(registration_id=registration.id, step=step, until=until, opened_at=now, by=actor.name, why=why)
    db.session.add(opening)
    note(registration, actor, now, said("opened", step or "", why))
    return opening
