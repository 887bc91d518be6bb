"""What a release changes in one person's programme. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from congress.programme.entries import Entry
from congress.programme.releases import Change
from congress.registration.rules import Attendee, own_programme

# Told in words of their own, or nothing that a person who takes part would notice.
_NOT_NAMED = frozenset(
    {
        "uid", "code", "item", "type", "titles", "place", "places", "status", "is_listed", "is_plausible",
        "timing", "starts_at", "ends_at", "starts_on", "ends_on", "sequence", "created_at", "last_modified",
    }
)  # fmt: skip


def own_changes(changes: Iterable[Change], attendee: Attendee) -> list[Change]:
    """What these changes are for one person, in the order given; what was and is not in the person's programme is left out.

    Kinds are those of Change, and ``removed``: the entry takes place, but no longer in this person's programme. Then ``after``
    says only what the person knew, since what the entry has become is not the person's to know.
    """
    return [own for change in changes if (own := own_change(change, attendee)) is not None]


def own_change(change: Change, attendee: Attendee) -> Change | None:
    """One of own_changes; None where it is nothing to the person."""
    before, after = change.before, change.after
    stood = before is not None and bool(own_programme([before], attendee))
    stands = bool(own_programme([after], attendee))
    if before is not None and stood and not before.is_cancelled:
        if stands:
            return None if change.kinds == ("edited",) and not edited(change) else change
        return Change(("cancelled",) if after.is_cancelled else ("removed",), before, let_go(before, after))
    if stands and not after.is_cancelled:
        return change if stood else Change(("added",), None, after)
    return None


def let_go(known: Entry, after: Entry) -> Entry:
    """What the person knew, as cancelled by the release that froze ``after``."""
    return replace(known.cancelled(), sequence=after.sequence, last_modified=after.last_modified)


def is_in_calendars(entry: Entry) -> bool:
    """Whether a personal calendar holds the entry: it has a time or days, and they are no guess."""
    return entry.is_confirmed_time and bool(entry.starts_at or entry.starts_on)


def is_to_come(entry: Entry, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the entry is not over yet, in the days of this zone; what has neither a time nor a day may still come."""
    if entry.starts_at is not None:
        return (entry.ends_at or entry.starts_at) > now
    today = now.astimezone(zone).date()
    return (entry.ends_on or entry.starts_on or today) >= today


def is_worth_telling(change: Change, now: datetime, zone: ZoneInfo) -> bool:
    """Whether anybody can still act on the change: what was and what is are not both over."""
    return any(is_to_come(entry, now, zone) for entry in (change.before, change.after) if entry is not None)


def edited(change: Change) -> tuple[str, ...]:
    """Names of the fields of Entry that differ beside title, time, place and status; empty for an entry that is new."""
    before = change.before
    if before is None:
        return ()
    return tuple(
        each.name
        for each in fields(before)
        if each.name not in _NOT_NAMED and getattr(before, each.name) != getattr(change.after, each.name)
    )
