"""Coach lists: who has a seat, to be ticked at the door of the coach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from congress.congresses.models import Congress
from congress.core.text import first_upper
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.registration.bookings.coaches import Coach
from congress.registration.models import Registration
from congress.web import filters, pdf
from congress.web.print import wording


def coach_lists(
    congress: Congress, coaches: Iterable[Coach], entries: Mapping[str, Sequence[Entry]], released: Programme, *, now: datetime
) -> bytes:
    """A4, each coach on pages of its own; ``entries`` are what is known of each transfer by the code of its item."""
    return pdf.pdf("print/coach_lists.typ", facts(congress, coaches, entries, released, now=now), made_at=now)


def facts(
    congress: Congress, coaches: Iterable[Coach], entries: Mapping[str, Sequence[Entry]], released: Programme, *, now: datetime
) -> dict[str, Any]:
    """What the lists say in the language that is spoken: each says from where its times are; seats and names are those of now."""
    states = {True: wording.state(released, congress), False: str(_("Draft, not released"))}
    return wording.shared(
        {
            "title": str(_("Coach list")),
            "congress": wording.line(filters.text(congress.long_names)),
            "made": wording.line(str(_("Names and seats as of %(moment)s", moment=filters.moment(now, congress.zone)))),
            "private": str(_("Names of people: give this list only to those who need it, and destroy it afterwards.")),
            "heading": ["", str(_("On board")), str(_("Family and given name")), str(_("City"))],
            "nobody": str(_("Nobody has a seat yet.")),
            "coaches": [
                _coach(each, entries.get(each.item.code, ()), congress) | {"state": states[each.item.code in released.by_code]}
                for each in coaches
            ],
        }
    )


def _coach(coach: Coach, entries: Sequence[Entry], congress: Congress) -> dict[str, Any]:
    seats = [ngettext("%(num)d person", "%(num)d people", len(coach.passengers))]
    if coach.item.places is not None:
        seats.insert(0, ngettext("%(num)d seat", "%(num)d seats", coach.item.places))
        seats.append(ngettext("%(num)d seat is free", "%(num)d seats are free", coach.free or 0))
    return {
        "title": wording.line(filters.text(entries[0].titles if entries else coach.item.titles)),
        "code": coach.item.code,
        "rides": [{"when": first_upper(filters.when(each, congress.zone)), "where": wording.place(each)} for each in entries],
        "cancelled": str(_("cancelled")) if entries and all(each.is_cancelled for each in entries) else "",
        "seats": " · ".join(seats),
        "rows": [_passenger(number, each) for number, each in enumerate(coach.passengers, 1)],
    }


def _passenger(number: int, registration: Registration) -> list[str]:
    """Number, family name first as the list is sorted, city."""
    delegate = registration.delegate
    person, city = delegate.person, delegate.city
    return [
        str(number),
        wording.line(" ".join(filter(None, (person.family_name, person.given_name)))),
        wording.line(filters.text(city.names)) if city else "",
    ]
