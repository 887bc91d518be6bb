"""What each mail about a registration says."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.feeds import itip
from congress.feeds import services as feeds
from congress.feeds.ical import Style
from congress.feeds.itip import Method, Party
from congress.feeds.models import Purpose
from congress.feeds.selection import for_calendar
from congress.networks import queries as networks
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.programme import queries as programme
from congress.programme.entries import Entry
from congress.programme.releases import Change
from congress.registration import notices, places
from congress.registration import queries as registrations
from congress.registration import services as registration_services
from congress.registration.changes import edited, is_in_calendars, is_to_come
from congress.registration.form import queries as step_queries
from congress.registration.models import Registration
from congress.registration.states import State
from congress.registration.vocabulary import By
from congress.web import filters, links
from congress.web.feed_words import words
from congress.web.language import speaking
from congress.web.mail_parts import CalendarFile, Content, Mail

WITHDRAWN = "registration_withdrawn"
ENDINGS = frozenset({WITHDRAWN, "registration_rejected", "registration_replaced", "registration_offer_ended"})
_PARTS = {  # fields of an entry
    "kind": lazy_gettext("kind of session"),
    "descriptions": lazy_gettext("description"),
    "field": lazy_gettext("field"),
    "audience": lazy_gettext("for whom it is"),
    "languages": lazy_gettext("languages"),
    "interpretation": lazy_gettext("interpretation"),
    "people": lazy_gettext("speakers and artists"),
    "organiser": lazy_gettext("organiser"),
    "website": lazy_gettext("website"),
    "ticketing": lazy_gettext("admission"),
    "stream_url": lazy_gettext("live stream"),
    "join_url": lazy_gettext("online room"),
}


def _received(registration: Registration, message: Message) -> Content:
    """The programme so far as a file. It is published, not asked for: an answer to each of forty sessions is nobody's wish."""
    congress, values = registration.congress, _of_person(registration)
    own = [entry for entry in registrations.own_programme(registration) if not entry.is_cancelled]
    files = _published(registration, own, message.language)
    move = registrations.last_move(registration)
    values["has_waited"], values["is_by_city"] = move.before is State.WAITING, move.by is By.FOCAL_POINT
    values["missing"] = [filters.label(each, "missing") for each in step_queries.lacking(registration)]
    values["is_provisional"] = programme.released(congress).is_provisional
    return Content({**values, "programme": own, "files": files}, files)


def _published(registration: Registration, own: Sequence[Entry], language: str) -> list[CalendarFile]:
    """A person's programme as one file; none where there is nothing that a calendar holds."""
    congress, today = registration.congress, now().astimezone(registration.congress.zone).date()
    shown = for_calendar(own, with_unconfirmed=False, congress_ends_on=congress.ends_on, today=today)
    body = itip.publish(shown, _style(registration, language), _hosts(congress, language))
    return [CalendarFile(Method.PUBLISH, f"{congress.slug}.ics", body)] if shown else []


def _again(registration: Registration, _message: Message) -> Content:
    return Content(_of_person(registration), [])


def _withdrawn(registration: Registration, message: Message) -> Content:
    """Takes what is still to come out of calendars that learnt it from our mails, whatever they were told last."""
    ended_at = registration.ended_at or now()
    left = notices.left_behind(registration, message.facts.get("chosen", ()))
    files = _files([(Method.CANCEL, itip.for_the_last_time(entry, ended_at)) for entry in left], registration, message.language)
    return Content({**_names(registration), "files": files}, files)


def _changed(registration: Registration, message: Message) -> Content:
    """The digest of a release. The message keeps up to which release it tells: a later digest does not tell it again."""
    news = notices.news(registration, message.facts, now=now())
    message.facts = {**message.facts, "up_to": news.up_to}
    if not news.changes:
        raise NotWanted("nothing is left to tell")
    sent = [each for change in news.changes if (each := itip.message_about(change))]
    files = _files(sent, registration, message.language)
    values = {
        **_of_person(registration),
        **_of_changes(registration.congress, news.changes),
        "note": news.release.notes,
        "is_provisional": programme.released(registration.congress).is_provisional,
        "files": files,
    }
    return Content(values, files)


def _rejected(registration: Registration, message: Message) -> Content:
    """As _withdrawn, with the hosts' reason and where one may still come."""
    said = _withdrawn(registration, message)
    events = links.absolute("public.events.index", congress=registration.congress.slug)
    return Content({**said.values, "why": registrations.why_ended(registration), "events_link": events}, said.files)


def _offer_ended(registration: Registration, _message: Message) -> Content:
    return Content(_names(registration))


def _waiting(registration: Registration, _message: Message) -> Content:
    if registration.state is not State.WAITING or registration.holds_place:
        raise NotWanted("the person has got a place or an offer, or has left the list")
    return Content({**with_link(registration), "number_in_queue": places.number_in_queue(registration)})


def _offered(registration: Registration, _message: Message) -> Content:
    until = registration.offered_until
    if until is None or until <= now():
        raise NotWanted("the offer has ended or was taken")
    return Content({**with_link(registration), "until": filters.moment(until, registration.congress.zone)})


def _city_corrected(registration: Registration, message: Message) -> Content:
    """The programme as people of the new city have it, and what is to leave the calendar."""
    congress, moment, left = registration.congress, now(), set(message.facts["left"])
    own = [entry for entry in registrations.own_programme(registration) if not entry.is_cancelled]
    left -= {entry.item for entry in own}
    known = [entry for entry in programme.released(congress).entries if entry.item in left and not entry.is_cancelled]
    gone = [each for each in known if is_to_come(each, moment, congress.zone)]
    sent = [(Method.CANCEL, itip.for_the_last_time(each, moment)) for each in gone if is_in_calendars(each)]
    told = own if registration.takes_part else []
    files = _files(sent, registration, message.language) + _published(registration, told, message.language)
    old = networks.find_city(message.facts["before"])
    city = registration.delegate.city
    names = {name: filters.text(each.names) if each else "" for name, each in (("before", old), ("after", city))}
    values = {**_of_person(registration), **names, "files": files}
    return Content(
        {**values, "gone": gone, "programme": told, "is_provisional": programme.released(congress).is_provisional}, files
    )


def _started(registration: Registration, _message: Message) -> Content:
    if registration.state is not State.STARTED:
        raise NotWanted("the registration has been sent in the meantime")
    return Content(with_link(registration))


def _mail(
    make: Callable[[Registration, Message], Content], label: Any, *names: str, needed: tuple[str, ...] = (), **parts: str
) -> Mail:
    """To somebody whose registration has ended only the mails that say so are sent, whatever else was queued before."""

    def content(message: Message) -> Content:
        registration = registrations.get_registration(message.facts["registration"])
        if not registration.is_live and message.template not in ENDINGS:
            raise NotWanted("the registration has ended")
        return make(registration, message)

    return Mail(content, label, ("person", "city", *names), parts, needed)


_LINK, _LINKS = "personal_link", ("personal_link", "calendar_link")
CONTENTS = {
    "registration_started": _mail(_started, lazy_gettext("Registration begun"), _LINK, needed=(_LINK,)),
    "registration_received": _mail(
        _received, lazy_gettext("Registration received"), *_LINKS, missing="_missing", programme="_programme"
    ),
    "registration_again": _mail(_again, lazy_gettext("Registered already"), *_LINKS),
    "registration_confirmed": _mail(
        _received, lazy_gettext("Registration confirmed"), *_LINKS, missing="_missing", programme="_programme"
    ),
    "registration_moved": _mail(
        _city_corrected, lazy_gettext("City corrected"), *_LINKS, changed="_moved", programme="_programme"
    ),
    "registration_waiting": _mail(_waiting, lazy_gettext("On the waiting list"), _LINK, "number_in_queue"),
    "registration_offered": _mail(_offered, lazy_gettext("A place is offered"), _LINK, "until", needed=(_LINK,)),
    "registration_offer_ended": _mail(_offer_ended, lazy_gettext("The offer has ended")),
    "registration_rejected": _mail(_rejected, lazy_gettext("Registration not accepted"), "why", "events_link"),
    WITHDRAWN: _mail(_withdrawn, lazy_gettext("Registration withdrawn")),
    "registration_replaced": _mail(_withdrawn, lazy_gettext("Replaced by somebody else")),
    notices.TEMPLATE: _mail(
        _changed,
        lazy_gettext("The programme has changed"),
        _LINK,
        "number_of_changes",
        needed=("changes",),
        headline="_programme_changed_headline",
        how_much="_programme_changed_number",
        changes="_changes",
    ),
}


def example(congress: Congress, changes: Sequence[Change], language: str) -> dict[str, Any]:
    """The values of the digest of these changes, to somebody who does not exist."""
    values = {
        "person": types.SimpleNamespace(name="Maria Rossi"),
        "congress": congress,
        "personal_link": f"{links.site_url()}/my/registration/…/",
        "note": None,
        "is_provisional": programme.released(congress).is_provisional,
        "files": [change for change in changes if itip.message_about(change)],
    }
    with speaking(language):
        return values | _of_changes(congress, changes)


def _names(registration: Registration) -> dict[str, Any]:
    return {"registration": registration, "person": registration.delegate.person, "congress": registration.congress}


def with_link(registration: Registration) -> dict[str, Any]:
    """Values of every mail to a registered person."""
    token = registration_services.link_token(registration, current_app.config["SECRET_KEY"])
    return {**_names(registration), "personal_link": links.absolute("my.registration.show", token=token)}


def _of_person(registration: Registration) -> dict[str, Any]:
    calendar = feeds.calendar_token(registration, key=current_app.config["SECRET_KEY"], now=now())
    return {
        **with_link(registration),
        "calendar_link": links.secret_calendar(calendar, registration.congress.slug, Purpose.OWN),
    }


@dataclass(frozen=True)
class Told:
    """A change in the words of the mail's language; what is the same as before, or not known, is empty."""

    title: str
    old_title: str
    said: list[str]
    before: str
    now: str


def _of_changes(congress: Congress, changes: Sequence[Change]) -> dict[str, Any]:
    return {"changes": told(congress, changes)}


def told(congress: Congress, changes: Iterable[Change]) -> list[Told]:
    """Changes in the words of a mail, in the language that is spoken."""
    return [_told(congress, change) for change in changes]


def _told(congress: Congress, change: Change) -> Told:
    title = filters.text(change.after.titles)
    old_title = filters.text(change.before.titles) if change.before else title
    now_at = "" if change.after.is_cancelled else _spot(change.after, congress)
    before_at = _spot(change.before, congress) if change.before else ""
    is_moved = "moved" in change.kinds and bool(now_at) and before_at != now_at
    words_of = {
        "added": _("New in your programme"),
        "moved": _moved(change, congress) if is_moved else "",
        "renamed": _("New title") if old_title != title else "",
        "cancelled": _("Cancelled"),
        "restored": _("Takes place after all"),
        "removed": _("No longer in your programme"),
    }
    said = [words_of[kind] for kind in change.kinds if words_of.get(kind)]
    parts = [] if change.after.is_cancelled else [str(_PARTS[name]) for name in edited(change) if name in _PARTS]
    if parts or not said:  # without any: something differs only in the other language, or on the map
        said.append(_("New details: %(parts)s", parts=", ".join(parts)) if parts else _("New details"))
    return Told(
        title=title,
        old_title=old_title if old_title != title else "",
        said=said,
        before=before_at if is_moved or not now_at else "",
        now=now_at,
    )


def _moved(change: Change, congress: Congress) -> str:
    """Whether time, place or both are others than the reader knew."""
    before, after = change.before or change.after, change.after
    if filters.where(before) == filters.where(after):
        return str(_("New time"))
    is_same_time = filters.when(before, congress.zone) == filters.when(after, congress.zone)
    return str(_("New place") if is_same_time else _("New time and place"))


def _spot(entry: Entry, congress: Congress) -> str:
    return ", ".join(filter(None, (filters.when(entry, congress.zone), filters.where(entry))))


def _files(told: Sequence[tuple[Method, Entry]], registration: Registration, language: str) -> list[CalendarFile]:
    """A calendar for each entry, as its method tells it to the person."""
    person, congress = registration.delegate.person, registration.congress
    style, hosts, party = _style(registration, language), _hosts(congress, language), Party(person.name, person.email)
    names = itip.file_names([entry for _method, entry in told], congress.zone, language)
    return [
        CalendarFile(method, name, (itip.request if method is Method.REQUEST else itip.cancel)(entry, style, hosts, party))
        for name, (method, entry) in zip(names, told, strict=True)
    ]


def _style(registration: Registration, language: str) -> Style:
    congress = registration.congress
    page = links.absolute("public.programme.show", congress=congress.slug, code="CODE")
    spoken = (words(language, congress.kind),)
    return Style(words=spoken, timezone=congress.timezone, page=page, is_personal=True, may_join=registration.is_confirmed)


def _hosts(congress: Congress, language: str) -> Party:
    """Who organises is who writes: programs take a change only from the one who sent what it changes."""
    return Party(congress.names.text(language), current_app.config["MAIL_FROM"])
