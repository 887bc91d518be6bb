"""What each mail about a chosen session says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext

from congress.core.clock import now
from congress.core.db import db
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.registration import queries as registrations
from congress.registration.bookings import queries as booking_queries
from congress.registration.models import Booking
from congress.registration.vocabulary import BookingState
from congress.web import filters, links, mail_registrations
from congress.web.mail_parts import Content, Mail


def _given(booking: Booking | None) -> dict[str, Any]:
    if booking is None or booking.state is not BookingState.TAKEN:
        raise NotWanted("the place was given back")
    return {}


def _offered(booking: Booking | None) -> dict[str, Any]:
    until = booking.offered_until if booking else None
    if booking is None or until is None or until <= now():
        raise NotWanted("the offer has ended or was taken")
    return {"until": filters.moment(until, booking.registration.congress.zone)}


def _lapsed(_booking: Booking | None) -> dict[str, Any]:
    return {}


def _put_in(booking: Booking | None) -> dict[str, Any]:
    if booking is None:
        raise NotWanted("the person was taken out again")
    return {"waits": booking.state is BookingState.WAITING, "is_settled": booking.registration.takes_part}


def _accepted(booking: Booking | None) -> dict[str, Any]:
    """Where all places are taken the guest may come, but waits."""
    if booking is None:
        raise NotWanted("the person does not want to come any more")
    return {"waits": booking.state is BookingState.WAITING}


_TEMPLATES: dict[str, Callable[[Booking | None], dict[str, Any]]] = {
    "booking_given": _given,
    "booking_offered": _offered,
    "booking_lapsed": _lapsed,
    "booking_put_in": _put_in,
    "guest_accepted": _accepted,
    "guest_refused": _lapsed,
}


def _content(message: Message) -> Content:
    registration = registrations.get_registration(message.facts["registration"])
    if not registration.is_live:
        raise NotWanted("the registration has ended")
    item = db.session.get_one(ProgrammeItem, message.facts["item"])
    said = _TEMPLATES[message.template](booking_queries.bookings_of(registration).get(item.code))
    values = mail_registrations.with_link(registration)
    released = programme.released(registration.congress)
    is_provisional = released.is_provisional and message.template not in {"booking_lapsed", "guest_refused"}
    entries = released.by_code.get(item.code, [])
    token = values["personal_link"].rstrip("/").rpartition("/")[2]
    values["sessions_link"] = links.absolute("my.sessions.show", token=token)
    return Content({**values, **said, "title": filters.text(item.titles), "entries": entries, "is_provisional": is_provisional})


_NAMES, _PARTS = ("person", "city", "title", "sessions_link"), {"times": "_session"}
CONTENTS = {
    "booking_given": Mail(_content, lazy_gettext("A place in a session"), _NAMES, _PARTS),
    "booking_offered": Mail(
        _content, lazy_gettext("A place in a session is offered"), (*_NAMES, "until"), _PARTS, needed=("sessions_link",)
    ),
    "booking_lapsed": Mail(_content, lazy_gettext("The offer of a place in a session has ended"), _NAMES, _PARTS),
    "booking_put_in": Mail(
        _content, lazy_gettext("Put into a session by the organisers"), _NAMES, {"standing": "_booking_put_in_standing", **_PARTS},
        needed=("standing", "sessions_link"),
    ),
    "guest_accepted": Mail(
        _content, lazy_gettext("Guest in another field: accepted"), _NAMES, {"answer": "_guest_accepted_answer", **_PARTS},
        needed=("answer",),
    ),
    "guest_refused": Mail(_content, lazy_gettext("Guest in another field: not accepted"), _NAMES, _PARTS),
}  # fmt: skip
