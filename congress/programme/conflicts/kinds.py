"""The kinds of conflicts and how heavy each is, unless a congress says otherwise. Pure."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """What a conflict means for a release."""

    BLOCKS = "blocks"
    WARNING = "warning"
    HINT = "hint"


class ConflictKind(StrEnum):
    """What is wrong. The comments say what ``Conflict.facts`` and ``Conflict.people`` hold."""

    # Rooms
    ROOM_OVERLAP = "room_overlap"  # (room,)
    ROOM_TURNAROUND = "room_turnaround"  # (room, minutes that are missing)
    ROOM_TOO_SMALL = "room_too_small"  # (room, people, capacity)
    ROOM_EQUIPMENT = "room_equipment"  # (room, what is missing…)
    ROOM_ACCESS = "room_access"  # (room, "no" or "unknown")
    ROOM_CLOSED = "room_closed"  # (room,)
    # People
    PERSON_TWICE = "person_twice"  # people
    NAME_TWICE = "name_twice"  # people, by printed names only
    PERSON_AWAY = "person_away"  # people
    PERSON_TRAVEL = "person_travel"  # people; (minutes needed, minutes there are)
    # Audiences
    FIELD_TWICE = "field_twice"  # (field,)
    SAME_DELEGATES = "same_delegates"
    CITY_TWICE = "city_twice"  # people: cities with one delegate
    BOOKED_TWICE = "booked_twice"  # people: delegates
    # Places
    AUDIENCE_TRAVEL = "audience_travel"  # (minutes needed, minutes there are)
    BOOKED_TRAVEL = "booked_travel"  # people: delegates; (minutes needed, minutes there are)
    TRANSFER_SEATS = "transfer_seats"  # (people, seats)
    LAST_COACH = "last_coach"  # (when the last one leaves, in seconds since 1970)
    # Times
    OUTSIDE_DAYS = "outside_days"
    OUTSIDE_HOURS = "outside_hours"  # (venue,)
    DURING_PLENARY = "during_plenary"
    IN_THE_PAST = "in_the_past"
    CLOCK_CHANGE = "clock_change"  # ("skipped", "repeated" or "across",)
    NO_TIME = "no_time"
    NO_ROOM = "no_room"
    IMPOSSIBLE_LENGTH = "impossible_length"
    # Texts
    TRANSLATION_MISSING = "translation_missing"  # (language…)
    TITLE_TOO_LONG = "title_too_long"  # (language, characters)
    ABSTRACT_EMPTY = "abstract_empty"


_K, _S = ConflictKind, Severity

USUAL_SEVERITIES = {
    _K.ROOM_OVERLAP: _S.BLOCKS,
    _K.ROOM_TURNAROUND: _S.WARNING,
    _K.ROOM_TOO_SMALL: _S.WARNING,
    _K.ROOM_EQUIPMENT: _S.WARNING,
    _K.ROOM_ACCESS: _S.WARNING,
    _K.ROOM_CLOSED: _S.BLOCKS,
    _K.PERSON_TWICE: _S.BLOCKS,
    _K.NAME_TWICE: _S.HINT,
    _K.PERSON_AWAY: _S.BLOCKS,
    _K.PERSON_TRAVEL: _S.WARNING,
    _K.FIELD_TWICE: _S.WARNING,
    _K.SAME_DELEGATES: _S.WARNING,
    _K.CITY_TWICE: _S.WARNING,
    _K.BOOKED_TWICE: _S.WARNING,
    _K.AUDIENCE_TRAVEL: _S.WARNING,
    _K.BOOKED_TRAVEL: _S.WARNING,
    _K.TRANSFER_SEATS: _S.WARNING,
    _K.LAST_COACH: _S.WARNING,
    _K.OUTSIDE_DAYS: _S.WARNING,
    _K.OUTSIDE_HOURS: _S.WARNING,
    _K.DURING_PLENARY: _S.WARNING,
    _K.IN_THE_PAST: _S.WARNING,
    _K.CLOCK_CHANGE: _S.WARNING,
    _K.NO_TIME: _S.HINT,
    _K.NO_ROOM: _S.HINT,
    _K.IMPOSSIBLE_LENGTH: _S.BLOCKS,
    _K.TRANSLATION_MISSING: _S.WARNING,
    _K.TITLE_TOO_LONG: _S.HINT,
    _K.ABSTRACT_EMPTY: _S.HINT,
}
