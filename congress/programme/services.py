"""Writes to the programme: placing in the draft, and releasing it. Who places notes it in ``planning.history``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import update

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.localised import Localised
from congress.networks.models import City
from congress.programme import entries, queries, releases, rules
from congress.programme.models import Placement, Release, ReleasedEntry, Room, Venue
from congress.programme.people import queries as people
from congress.programme.publishing import queries as publishing
from congress.programme.releases import Change
from congress.programme.vocabulary import Timing

# Of a release that nobody writes a note for.
_NAMES_TAKEN_OUT = Localised(
    en="At their own wish, people are no longer named.", pl="Na własne życzenie niektóre osoby nie są już wymienione z nazwiska."
)


class ImpossibleTime(CongressError):
    """The times do not make a session."""


class RoomElsewhere(CongressError):
    """The room is not in the venue, or the venue not in the city."""


class NothingToRelease(CongressError):
    """The draft is the same as the last release."""


class ChangedMeanwhile(CongressError):
    """What is to be released is no longer what was on the page."""


def place_session(placement: Placement, *, starts_at: datetime, ends_at: datetime | None) -> None:
    """Put a placement at a time. Raises ImpossibleTime."""
    if ends_at is not None and not rules.is_length_possible(starts_at, ends_at):
        raise ImpossibleTime(_("The end must come after the start, and within 24 hours."))
    placement.timing, placement.starts_at, placement.ends_at = Timing.TIMED, starts_at, ends_at
    placement.starts_on = placement.ends_on = None
    db.session.flush()


def place_on_days(placement: Placement, *, timing: Timing, starts_on: date | None, ends_on: date | None) -> None:
    """Put a placement on whole days, or leave its time to be confirmed. Raises ImpossibleTime."""
    ends_on = ends_on or starts_on
    if starts_on is not None and ends_on is not None and not rules.are_days_possible(starts_on, ends_on):
        raise ImpossibleTime(_("The last day must not be before the first, and not more than 120 days after it."))
    if starts_on is None and (timing is Timing.ALL_DAY or ends_on is not None):
        raise ImpossibleTime(_("Give the first day."))
    placement.timing, placement.starts_on, placement.ends_on = timing, starts_on, ends_on
    placement.starts_at = placement.ends_at = None
    db.session.flush()


def move_to(placement: Placement, *, city: City | None, venue: Venue | None, room: Room | None) -> None:
    """Put a placement in a place. A room brings its venue, a venue its city. Raises RoomElsewhere."""
    if room is not None:
        if venue is not None and room.venue_id != venue.id:
            raise RoomElsewhere(_("This room is in another venue. Choose the room’s own venue, or leave the venue empty."))
        venue = room.venue
    if venue is not None:
        if city is not None and venue.city_id != city.id:
            raise RoomElsewhere(_("This venue is in another city. Choose the venue’s own city, or leave the city empty."))
        city = venue.city
    placement.city, placement.venue, placement.room = city, venue, room
    db.session.flush()


def pending_changes(congress: Congress) -> list[Change]:
    """What a release would change now."""
    return releases.changes(queries.released(congress).entries, queries.draft(congress))


def release_programme(
    congress: Congress,
    *,
    note: Localised,
    by: str,
    now: datetime,
    only: Mapping[str, str] | None = None,
    is_provisional: bool | None = None,
) -> tuple[Release, list[Change]]:
    """Freeze what changed since the last release, in one transaction under the congress's lock.

    ``only``: uids of the entries to release, with the mark of the change that was on the page, or an empty one for whatever
    the draft says; None: all. ``is_provisional``: None keeps what the last release said. A release may change nothing else.
    Raises NothingToRelease, ChangedMeanwhile.
    """
    lock(congress)
    pending = pending_changes(congress)
    if only is not None:
        marks = {change.after.uid: change.mark for change in pending}
        if any(mark not in ("", marks.get(uid)) for uid, mark in only.items()):
            raise ChangedMeanwhile(
                _("The draft has changed since you opened this page. Look at the changes below, then release.")
            )
        chosen = [change for change in pending if change.after.uid in only]
        if pending and not chosen and is_provisional in (None, queries.released(congress).is_provisional):
            raise NothingToRelease(_("Choose at least one change."))
        pending = chosen
    return _release(congress, pending, note=note, by=by, now=now, is_provisional=is_provisional), pending


def return_to_release(
    congress: Congress, number: int, *, note: Localised, by: str, now: datetime, seen: int = 0
) -> tuple[Release, list[Change]]:
    """Release once more what the release of this number said; what came after it is cancelled, since calendars hold it.

    The draft stays as it is: no work is lost, and what it says otherwise waits to be released again. ``seen`` is the number of the
    release that was in force on the page. Raises NothingToRelease, ChangedMeanwhile.
    """
    lock(congress)
    current = queries.released(congress)
    if seen not in (0, current.number):
        raise ChangedMeanwhile(_("Another release came out meanwhile. Look at what would change now."))
    back = releases.changes(current.entries, people.agreed(congress, publishing.state_of(congress, number)))
    return _release(congress, back, note=note, by=by, now=now), back


def release_without_withdrawn(congress: Congress, *, now: datetime) -> Release | None:
    """Release once more, without their names, the entries that name people who do not agree to it any more; None where there is none.

    So calendars and schedules follow at once, by the same way as with every change. Nothing else comes out, and nobody is told: mails
    that wait go on waiting, and leave such names out (see programme.telling).
    """
    lock(congress)
    current = queries.released(congress).entries
    changes = releases.changes(current, people.agreed(congress, current))
    if not changes:
        return None
    waiting = publishing.untold(congress)
    release = _release(congress, changes, note=_NAMES_TAKEN_OUT, by="", now=now)
    if waiting:
        release.tell_at = max((each.tell_at for each in waiting if each.tell_at is not None), default=None)
    else:
        release.are_people_told = True
    db.session.flush()
    return release


def _release(
    congress: Congress, pending: list[Change], *, note: Localised, by: str, now: datetime, is_provisional: bool | None = None
) -> Release:
    """The time of a release is always after that of the one before it, whatever the clock says,
    since calendars compare these times, and know no fractions of a second.
    """
    last = queries.latest_release(congress)
    if is_provisional is None:
        is_provisional = last is not None and last.is_provisional
    if last is not None and not pending and is_provisional == last.is_provisional:
        raise NothingToRelease(_("Nothing has changed since the last release."))
    if last is not None:
        now = max(now, last.released_at + timedelta(seconds=1))
    release = Release(
        congress_id=congress.id, number=last.number + 1 if last else 1, released_at=now, released_by=by, notes=note,
        is_provisional=is_provisional,
    )  # fmt: skip
    db.session.add(release)
    db.session.flush()
    uids = [change.after.uid for change in pending]
    for start in range(0, len(uids), 500):
        db.session.execute(
            update(ReleasedEntry)
            .where(ReleasedEntry.uid.in_(uids[start : start + 500]), ReleasedEntry.is_current)
            .values(is_current=False)
        )
    frozen = [releases.stamped(change, now) for change in pending]
    db.session.add_all(
        ReleasedEntry(
            congress_id=congress.id, release_id=release.id, uid=entry.uid, sequence=entry.sequence, content=entries.to_json(entry)
        )
        for entry in frozen
    )  # fmt: skip
    db.session.flush()
    return release
