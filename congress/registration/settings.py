"""Settings of a congress are changed, and all that hangs on its days and its time zone follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import ngettext
from sqlalchemy import select

from congress.congresses.copying import Shift
from congress.congresses.models import Congress
from congress.congresses.settings import Settings, write_settings
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.delegates.models import Window
from congress.networks.models import City
from congress.programme import moving
from congress.registration.questions.models import Question


class HostInUse(CongressError):
    """Something of the draft takes place in a city that is to be no host any more."""


def change_settings(
    congress: Congress, wanted: Settings, hosts: Sequence[City], *, with_draft: bool, by: str, now: datetime
) -> int:
    """Write the settings; how many placements of the draft moved. Raises HostInUse. Flushes.

    In another zone the draft, deadlines and absences keep their times of day; ``with_draft``: the draft goes with the first day.
    What is released stays as it is, in pages and calendars, until the next release.
    """
    lock(congress)
    left = {each.id for each in congress.hosts} - {each.id for each in hosts}
    if left and (number := moving.number_in(congress, left)):
        raise HostInUse(
            ngettext(
                "%(num)d entry of the draft takes place in a city that would be no host any more. Put it elsewhere first.",
                "%(num)d entries of the draft take place in a city that would be no host any more. Put them elsewhere first.",
                number,
            )
        )
    before, starts_on = congress.zone, congress.starts_on
    write_settings(congress, wanted, hosts, now=now)
    clocks = Shift(timedelta(0), before, congress.zone)
    days = congress.starts_on - starts_on if with_draft else timedelta(0)
    if before.key != congress.zone.key:
        _keep_times_of_day(congress, clocks)
    elif not days:
        return 0
    return moving.move_draft(congress, Shift(days, before, congress.zone), by=by, now=now)


def _keep_times_of_day(congress: Congress, clocks: Shift) -> None:
    moving.move_absences(congress, clocks)
    for window in db.session.scalars(select(Window).where(Window.congress_id == congress.id)):
        window.opens_at, window.closes_at = clocks.moment(window.opens_at), clocks.moment(window.closes_at)
    for question in db.session.scalars(select(Question).where(Question.congress_id == congress.id)):
        question.closes_at = clocks.moment(question.closes_at)
    db.session.flush()
