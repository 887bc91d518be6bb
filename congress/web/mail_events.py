"""What each mail about a sign-up and about the newsletter says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from congress.congresses.models import Congress
from congress.core.clock import now
from congress.events import newsletter, notices, queries, rules, services
from congress.events.models import SignUp, Subscriber
from congress.events.states import CONFIRMED, ENDED, SIGN_UP_LABELS, SignUpState, SubscriberState
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.programme import queries as programme
from congress.programme.releases import Change
from congress.web import filters, links
from congress.web.mail_parts import Content, Mail

# In which states a mail still says what is true; else it is dropped.
_STATES: dict[str, frozenset[SignUpState]] = {
    "sign_up_confirm": frozenset({SignUpState.UNCONFIRMED}),
    "sign_up_taken": frozenset({SignUpState.TAKEN}),
    "sign_up_waiting": frozenset({SignUpState.WAITING}),
    "sign_up_offered": frozenset({SignUpState.OFFERED}),
    "sign_up_lapsed": frozenset({SignUpState.LAPSED}),
    "sign_up_cancelled": frozenset({SignUpState.CANCELLED}),
    "sign_up_again": frozenset(SignUpState) - ENDED,
    notices.TEMPLATE: CONFIRMED,
}
_SUBSCRIBER_STATES = {
    "newsletter_confirm": SubscriberState.ASKED,
    "newsletter_listed": SubscriberState.LISTED,
    "newsletter_again": SubscriberState.LISTED,
}


def _sign_up(message: Message) -> Content:
    sign_up = queries.find_by_id(message.facts["sign_up"])
    if sign_up is None or sign_up.state not in _STATES[message.template]:
        raise NotWanted("the sign-up is in another state by now")
    values = _of_sign_up(sign_up)
    if message.template == notices.TEMPLATE:
        return Content({**values, **_of_release(sign_up, message)})
    return Content({**values, "asked": message.facts.get("asked", 0), "has_waited": message.facts.get("has_waited", False)})


def _of_sign_up(sign_up: SignUp) -> dict[str, Any]:
    item, congress = sign_up.item, sign_up.item.congress
    found = queries.occurrences(item)
    token = services.link_token(sign_up, current_app.config["SECRET_KEY"])
    return {
        "name": sign_up.name,
        "number_of_people": sign_up.people,
        "is_unconfirmed": sign_up.state is SignUpState.UNCONFIRMED,
        "waits": sign_up.queued_at is not None,
        "congress": congress,
        "is_provisional": sign_up.state not in ENDED and programme.released(congress).is_provisional,
        "title": filters.text(found[0].titles if found else item.titles),
        "occurrences": [entry for entry in found if not entry.is_cancelled],
        "number_in_queue": queries.position(sign_up),
        "state": str(SIGN_UP_LABELS[sign_up.state]),
        "link": links.absolute("my.sign_ups.show", token=token),
        "event_link": links.absolute("public.sign_ups.show", congress=congress.slug, code=item.code),
        "confirm_by": filters.moment(sign_up.signed_up_at + rules.CONFIRM_WITHIN, congress.zone),
        "until": filters.moment(sign_up.offered_until, congress.zone) if sign_up.offered_until else "",
    }


@dataclass(frozen=True)
class Told:
    """A change in the words of the mail's language; ``before`` is empty where it is of no use."""

    kind: str
    said: str
    before: str
    now: str


def _of_release(sign_up: SignUp, message: Message) -> dict[str, Any]:
    """The message keeps up to which release it tells: a later one does not tell it again."""
    news = notices.news(sign_up, message.facts, now=now())
    message.facts = {**message.facts, "up_to": news.up_to}
    if not news.changes:
        raise NotWanted("nothing is left to tell")
    told = [_told(change, sign_up.item.congress) for change in news.changes]
    goes_on = any(each.kind != "cancelled" for each in told) or rules.takes_place(
        queries.occurrences(sign_up.item), now(), sign_up.item.congress.zone
    )
    return {"event_changes": told, "goes_on": goes_on}


def _told(change: Change, congress: Congress) -> Told:
    after, before = _spot(change.after, congress), _spot(change.before, congress) if change.before else ""
    if change.kind == "cancelled":
        return Told("cancelled", _("Cancelled"), before, "")
    if change.kind == "restored":
        return Told("restored", _("Takes place after all"), "", after)
    return Told("moved", _("New time or place"), before, after)


def _spot(entry: Any, congress: Congress) -> str:
    return ", ".join(filter(None, (filters.when(entry, congress.zone), filters.where(entry))))


def _newsletter(message: Message) -> Content:
    """Mails to whom is on the list say how to leave it to mail programs, too (RFC 2369, RFC 8058)."""
    subscriber = newsletter.find_by_id(message.facts["subscriber"])
    if subscriber is None or subscriber.state is not _SUBSCRIBER_STATES[message.template]:
        raise NotWanted("the subscriber is in another state by now")
    values = {"congress": subscriber.congress, "subscriber": subscriber, "link": _page(subscriber)}
    if subscriber.state is not SubscriberState.LISTED:
        return Content(values)
    leave = leave_link(subscriber)
    return Content(values, headers={"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"})


def _page(subscriber: Subscriber) -> str:
    token = newsletter.link_token(subscriber, current_app.config["SECRET_KEY"])
    return links.absolute("my.newsletter.show", token=token)


def leave_link(subscriber: Subscriber) -> str:
    """With which the newsletter is left by one click, for whatever program sends it."""
    token = newsletter.link_token(subscriber, current_app.config["SECRET_KEY"])
    return links.absolute("my.newsletter.leave", token=token)


def _mail(label: Any, *names: str, needed: tuple[str, ...] = (), **parts: str) -> Mail:
    return Mail(_sign_up, label, ("name", "title", *names), {"event": "_event"} | parts, needed)


_PEOPLE = "_people"
CONTENTS = {
    "sign_up_confirm": _mail(
        lazy_gettext("Sign-up to be confirmed"), "link", people=_PEOPLE, what_to_do="_sign_up_confirm_to_do",
        needed=("what_to_do", "link"),
    ),
    "sign_up_taken": _mail(lazy_gettext("Seats at a public event"), "link", people=_PEOPLE, needed=("people", "link")),
    "sign_up_waiting": _mail(lazy_gettext("Waiting list of a public event"), "number_in_queue", "link", people=_PEOPLE),
    "sign_up_offered": _mail(
        lazy_gettext("Seats at a public event are offered"), "until", "link", people=_PEOPLE, needed=("people", "until", "link")
    ),
    "sign_up_lapsed": _mail(lazy_gettext("The offer of seats has ended"), "event_link"),
    "sign_up_cancelled": _mail(lazy_gettext("Sign-up cancelled")),
    "sign_up_again": _mail(
        lazy_gettext("Signed up already"), "state", "link", people=_PEOPLE, what_to_do="_sign_up_again_to_do", needed=("link",)
    ),
    notices.TEMPLATE: Mail(
        _sign_up, lazy_gettext("A public event has changed"), ("name", "title", "link"),
        {"headline": "_sign_up_changed_headline", "what_happened": "_sign_up_changed_happened",
         "event_changes": "_event_changes", "what_to_do": "_sign_up_changed_to_do"},
        needed=("what_happened", "event_changes"),
    ),
    "newsletter_confirm": Mail(_newsletter, lazy_gettext("Newsletter: to be confirmed"), ("link",), needed=("link",)),
    "newsletter_listed": Mail(_newsletter, lazy_gettext("Newsletter: confirmed"), ("link",), needed=("link",)),
    "newsletter_again": Mail(_newsletter, lazy_gettext("Newsletter: subscribed already"), ("link",), needed=("link",)),
}  # fmt: skip
