"""The words for conflicts, by kind: its name, what is wrong, what would solve it."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from congress.programme.conflicts import ConflictKind as K
from congress.programme.conflicts import Severity

SEVERITY_LABELS = {
    Severity.BLOCKS: _("Blocks a release"),
    Severity.WARNING: _("Warning"),
    Severity.HINT: _("Hint"),
}

KIND_LABELS = {
    K.ROOM_OVERLAP: _("Two things in one room"),
    K.ROOM_TURNAROUND: _("No time to clear and set up"),
    K.ROOM_TOO_SMALL: _("Room too small"),
    K.ROOM_EQUIPMENT: _("Equipment missing"),
    K.ROOM_ACCESS: _("Not accessible"),
    K.ROOM_CLOSED: _("Room cannot be used"),
    K.PERSON_TWICE: _("Person in two places"),
    K.NAME_TWICE: _("Same name in two places"),
    K.PERSON_AWAY: _("Person not there"),
    K.PERSON_TRAVEL: _("Person cannot get there in time"),
    K.FIELD_TWICE: _("Two sessions for one field"),
    K.SAME_DELEGATES: _("Two things for the same delegates"),
    K.CITY_TWICE: _("City with one delegate in two places"),
    K.BOOKED_TWICE: _("Delegates booked two things at once"),
    K.AUDIENCE_TRAVEL: _("Audience cannot get there in time"),
    K.BOOKED_TRAVEL: _("Delegates cannot get to what they booked"),
    K.TRANSFER_SEATS: _("Too few seats in coaches"),
    K.LAST_COACH: _("After the last coach"),
    K.OUTSIDE_DAYS: _("Outside the congress days"),
    K.OUTSIDE_HOURS: _("Outside opening hours"),
    K.DURING_PLENARY: _("During a plenary"),
    K.IN_THE_PAST: _("In the past"),
    K.CLOCK_CHANGE: _("Change of clocks"),
    K.NO_TIME: _("No time"),
    K.NO_ROOM: _("No room"),
    K.IMPOSSIBLE_LENGTH: _("Impossible length"),
    K.TRANSLATION_MISSING: _("Translation missing"),
    K.TITLE_TOO_LONG: _("Title too long"),
    K.ABSTRACT_EMPTY: _("No description"),
}

# By kind and, where there are several sentences, by the fact that chooses one.
SENTENCES = {
    (K.ROOM_OVERLAP, ""): _("%(one)s and %(other)s are in the same room at the same time: %(room)s."),
    (K.ROOM_TURNAROUND, ""): _(
        "Between %(one)s and %(other)s there is too little time to clear and set up the room: %(minutes)d min more needed (%(room)s)."
    ),
    (K.ROOM_TOO_SMALL, ""): _("The room is too small for %(one)s: %(number)d people, %(capacity)d places (%(room)s)."),
    (K.ROOM_EQUIPMENT, ""): _("The room lacks what %(one)s needs: %(missing)s (%(room)s)."),
    (K.ROOM_ACCESS, "no"): _("%(one)s needs a way without steps, and the room has none: %(room)s."),
    (K.ROOM_ACCESS, "unknown"): _("%(one)s needs a way without steps; whether the room has one is not known: %(room)s."),
    (K.ROOM_CLOSED, ""): _("The room cannot be used during %(one)s: %(room)s."),
    (K.PERSON_TWICE, ""): _("%(one)s and %(other)s need the same people at the same time: %(people)s."),
    (K.NAME_TWICE, ""): _("%(one)s and %(other)s overlap, and both print the same name: %(people)s."),
    (K.PERSON_AWAY, ""): _("Not there during %(one)s: %(people)s."),
    (K.PERSON_TRAVEL, ""): _("From %(one)s to %(other)s it takes %(needed)d min, and there are %(gap)d: %(people)s."),
    (K.FIELD_TWICE, ""): _("%(one)s and %(other)s need the same field at the same time: %(field)s."),
    (K.SAME_DELEGATES, ""): _("%(one)s and %(other)s need the same delegates at the same time."),
    (K.CITY_TWICE, ""): _("%(one)s and %(other)s overlap, and need a city that sends one delegate: %(people)s."),
    (K.AUDIENCE_TRAVEL, ""): _(
        "Whoever goes from %(one)s to %(other)s needs %(needed)d min, has %(gap)d, and no coach goes in between."
    ),
    (K.TRANSFER_SEATS, ""): _("The coaches have too few seats: %(number)d people, %(seats)d seats (%(coaches)s)."),
    (K.LAST_COACH, ""): _("%(one)s ends after the last coach of the day has left: %(other)s, %(time)s."),
    (K.OUTSIDE_DAYS, ""): _("%(one)s is for participants and lies outside the days of the congress."),
    (K.OUTSIDE_HOURS, ""): _("The venue is not open for all of %(one)s: %(venue)s."),
    (K.DURING_PLENARY, ""): _("%(one)s and %(other)s overlap, and one of them is for all delegates."),
    (K.IN_THE_PAST, ""): _("%(one)s would begin in the past."),
    (K.CLOCK_CHANGE, "skipped"): _("%(one)s has a time that does not exist: clocks skip that hour."),
    (K.CLOCK_CHANGE, "repeated"): _(
        "%(one)s begins in the hour that clocks repeat: readers cannot tell which of the two is meant."
    ),
    (K.CLOCK_CHANGE, "across"): _("Clocks change during %(one)s: it lasts an hour more or less than its times say."),
    (K.NO_TIME, ""): _("%(one)s has no time yet."),
    (K.NO_ROOM, ""): _("%(one)s has a time but no room."),
    (K.IMPOSSIBLE_LENGTH, ""): _("%(one)s ends before it begins, or lasts longer than a day."),
    (K.TRANSLATION_MISSING, ""): _("Title or description of %(one)s is missing in: %(languages)s."),
    (K.TITLE_TOO_LONG, ""): _("The title of %(one)s is too long for badge and phone: %(number)d characters (%(language)s)."),
    (K.ABSTRACT_EMPTY, ""): _("%(one)s has no description, by which people would choose it."),
}

# One thing in the way of ``n`` others.
GROUPS: dict[K, Callable[..., str]] = {
    K.ROOM_OVERLAP: lambda n, **names: ngettext(
        "%(one)s is in the same room as %(num)d other entry at the same time: %(others)s.",
        "%(one)s is in the same room as %(num)d other entries at the same time: %(others)s.",
        n, **names,
    ),
    K.ROOM_TURNAROUND: lambda n, **names: ngettext(
        "Between %(one)s and %(num)d entry in the same room there is too little time to clear and set up: %(others)s.",
        "Between %(one)s and %(num)d entries in the same room there is too little time to clear and set up: %(others)s.",
        n, **names,
    ),
    K.PERSON_TWICE: lambda n, **names: ngettext(
        "%(one)s needs the same people as %(num)d other entry at the same time: %(others)s.",
        "%(one)s needs the same people as %(num)d other entries at the same time: %(others)s.",
        n, **names,
    ),
    K.NAME_TWICE: lambda n, **names: ngettext(
        "%(one)s prints the same name as %(num)d other entry that overlaps with it: %(others)s.",
        "%(one)s prints the same name as %(num)d other entries that overlap with it: %(others)s.",
        n, **names,
    ),
    K.PERSON_TRAVEL: lambda n, **names: ngettext(
        "Between %(one)s and %(num)d entry with the same people there is too little time for the way: %(others)s.",
        "Between %(one)s and %(num)d entries with the same people there is too little time for the way: %(others)s.",
        n, **names,
    ),
    K.FIELD_TWICE: lambda n, **names: ngettext(
        "%(one)s needs the same field as %(num)d other entry at the same time: %(others)s.",
        "%(one)s needs the same field as %(num)d other entries at the same time: %(others)s.",
        n, **names,
    ),
    K.SAME_DELEGATES: lambda n, **names: ngettext(
        "%(one)s needs the same delegates as %(num)d other entry at the same time: %(others)s.",
        "%(one)s needs the same delegates as %(num)d other entries at the same time: %(others)s.",
        n, **names,
    ),
    K.CITY_TWICE: lambda n, **names: ngettext(
        "%(one)s and %(num)d entry that overlaps with it need a city that sends one delegate: %(others)s.",
        "%(one)s and %(num)d entries that overlap with it need a city that sends one delegate: %(others)s.",
        n, **names,
    ),
    K.BOOKED_TWICE: lambda n, **names: ngettext(
        "People who booked %(one)s have also booked %(num)d entry that overlaps with it: %(others)s.",
        "People who booked %(one)s have also booked %(num)d entries that overlap with it: %(others)s.",
        n, **names,
    ),
    K.AUDIENCE_TRAVEL: lambda n, **names: ngettext(
        "Between %(one)s and %(num)d entry elsewhere there is too little time for the way, and no coach goes: %(others)s.",
        "Between %(one)s and %(num)d entries elsewhere there is too little time for the way, and no coach goes: %(others)s.",
        n, **names,
    ),
    K.BOOKED_TRAVEL: lambda n, **names: ngettext(
        "Between %(one)s and %(num)d entry that the same people booked there is too little time for the way: %(others)s.",
        "Between %(one)s and %(num)d entries that the same people booked there is too little time for the way: %(others)s.",
        n, **names,
    ),
    K.LAST_COACH: lambda n, **names: ngettext(
        "%(num)d entry ends after the last coach of the day has left (%(one)s): %(others)s.",
        "%(num)d entries end after the last coach of the day has left (%(one)s): %(others)s.",
        n, **names,
    ),
    K.DURING_PLENARY: lambda n, **names: ngettext(
        "%(one)s overlaps with %(num)d entry, and is for all delegates or runs against what is: %(others)s.",
        "%(one)s overlaps with %(num)d entries, and is for all delegates or runs against what is: %(others)s.",
        n, **names,
    ),
}  # fmt: skip

_MOVE_ONE = _("Move one of them to another time.")
_ROOM_OR_TIME = _("Move it to a free room or to another time.")
_OTHER_ROOM = _("Choose a room that has it, or complete what is known of this room.")
_STAND_IN = _("Move it to another time, or let somebody else stand in.")
_WAY = _("Leave more time between them, hold both in one city, or add a coach.")
_OTHER_TIME = _("Choose another time.")

REMEDIES = {
    K.ROOM_OVERLAP: _("Move one of them to a free room or to another time."),
    K.ROOM_TURNAROUND: _("Leave more time between them, or use another room."),
    K.ROOM_TOO_SMALL: _("Choose a larger room, or give away fewer places."),
    K.ROOM_EQUIPMENT: _OTHER_ROOM,
    K.ROOM_ACCESS: _OTHER_ROOM,
    K.ROOM_CLOSED: _ROOM_OR_TIME,
    K.PERSON_TWICE: _STAND_IN,
    K.NAME_TWICE: _("Find out whether it is one person; if so, move one of them."),
    K.PERSON_AWAY: _STAND_IN,
    K.PERSON_TRAVEL: _WAY,
    K.FIELD_TWICE: _MOVE_ONE,
    K.SAME_DELEGATES: _MOVE_ONE,
    K.CITY_TWICE: _MOVE_ONE,
    K.BOOKED_TWICE: _MOVE_ONE,
    K.AUDIENCE_TRAVEL: _WAY,
    K.BOOKED_TRAVEL: _WAY,
    K.TRANSFER_SEATS: _("Add a coach, or correct the seats or the number of people."),
    K.LAST_COACH: _("End earlier, or add a later coach."),
    K.OUTSIDE_DAYS: _("Move it into the days of the congress, or open it to everyone."),
    K.OUTSIDE_HOURS: _("Move it into the opening hours, or ask the venue to open longer."),
    K.DURING_PLENARY: _MOVE_ONE,
    K.IN_THE_PAST: _OTHER_TIME,
    K.CLOCK_CHANGE: _OTHER_TIME,
    K.NO_TIME: _("Give it a time."),
    K.NO_ROOM: _("Choose a room."),
    K.IMPOSSIBLE_LENGTH: _OTHER_TIME,
    K.TRANSLATION_MISSING: _("Write it in this language, too."),
    K.TITLE_TOO_LONG: _("Shorten the title; the description can hold the rest."),
    K.ABSTRACT_EMPTY: _("Write a few sentences about it."),
}
