"""``/my/registration/<token>/``: the person's own registration and programme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.errors import CongressError
from congress.delegates.vocabulary import STEP_LABELS
from congress.feeds import queries as feed_queries
from congress.feeds import services as feeds
from congress.feeds.models import Purpose
from congress.my import opened
from congress.programme import queries as programme
from congress.programme import search
from congress.programme.entries import Entry
from congress.programme.models import ProgrammeItem
from congress.registration import places, queries, rules, services
from congress.registration.bookings import offers
from congress.registration.bookings import services as bookings
from congress.registration.form import consent_texts, consents, steps
from congress.registration.form import queries as step_queries
from congress.registration.models import Consent, Registration
from congress.registration.rules import Attendee
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind
from congress.web import links, subscriptions
from congress.web.language import chosen_language
from congress.web.subscriptions import Choice, Subscription

bp = Blueprint("registration", __name__, url_prefix="/registration/<token>")


@bp.get("/")
def show(token: str) -> ResponseReturnValue:
    registration = opened.registration_of(token)
    if not registration.is_live:
        return render_template("my/registration/ended.html", registration=registration, token=token), 410
    if not registration.takes_part:
        return render_template("my/registration/unsent.html", **_about(registration, token))
    congress = registration.congress
    person = queries.attendee(registration)
    released = programme.released(congress)
    own = rules.own_programme(released.entries, person)
    offered = [entry for entry in released.entries if rules.may_choose(entry, person) and entry.item not in person.chosen]
    choice = subscriptions.chosen(request.args, subscriptions.OWN)
    once: dict[str, Entry] = {}  # an event of several days stands at its first one
    for entry in offered:
        once.setdefault(entry.item, entry)
    return render_template(
        "my/registration/show.html",
        **_about(registration, token),
        attendee=person,
        released=released,
        days=search.by_day(own, congress.zone),
        offered=list(once.values()),
        calendars=_calendars(registration, person, choice),
        awaited=_awaited(registration, person),
        choice=choice,
        takes=subscriptions.OWN,
    )


def _about(registration: Registration, token: str) -> dict[str, Any]:
    """What every personal page tells: the state, what is missing, what was agreed to."""
    held = consents.given(registration)
    return {
        "registration": registration,
        "token": token,
        "missing": [str(STEP_LABELS[step]) for step in steps.readiness(registration, now()).to_do],
        "lacking": step_queries.lacking(registration) if registration.submitted_at else (),
        "number_in_queue": places.number_in_queue(registration),
        "consents": [
            Agreed(
                kind, consent_texts.words(kind, held[kind].version, chosen_language()) if kind in held else words, held.get(kind)
            )
            for kind, words in consent_texts.texts(chosen_language(), consent_texts.version_for(registration.congress)).items()
        ],
    }


@dataclass(frozen=True)
class Agreed:
    """A consent: what it says, and when it was given if it holds now."""

    kind: ConsentKind
    words: str
    given: Consent | None


@dataclass(frozen=True)
class SecretCalendar:
    """A calendar that the person may have; ``subscription`` is None until the person asks for its address."""

    purpose: Purpose
    subscription: Subscription | None


def _calendars(registration: Registration, person: Attendee, choice: Choice) -> dict[str, SecretCalendar]:
    """The person's calendars by purpose. The own one has an address from the beginning, since mails carry it."""
    if feed_queries.live_token(registration) is None:
        begin_writing()
        feeds.calendar_token(registration, key=current_app.config["SECRET_KEY"], now=now())
        db.session.commit()
    return {
        purpose.value: SecretCalendar(purpose, _subscription(registration, purpose, choice))
        for purpose in _purposes(registration, person)
    }


def _purposes(registration: Registration, person: Attendee) -> list[Purpose]:
    """What the person may have a calendar of."""
    return [Purpose.OWN, *(_of_others(registration, person) if registration.is_confirmed else [])]


def _awaited(registration: Registration, person: Attendee) -> list[str]:
    """What the person may have a calendar of once the hosts have confirmed who that is."""
    waits = registration.state is State.SUBMITTED
    return [purpose.value for purpose in _of_others(registration, person)] if waits else []


def _of_others(registration: Registration, person: Attendee) -> list[Purpose]:
    """What concerns others, too, and is for this category: which everybody declares for themselves."""
    may_have = {
        Purpose.DELEGATION: registration.delegate.city is not None and rules.may_see_delegation(person),
        Purpose.FIELD: rules.may_see_field(person),
    }
    return [purpose for purpose, may in may_have.items() if may]


def _subscription(registration: Registration, purpose: Purpose, choice: Choice) -> Subscription | None:
    if feed_queries.live_token(registration, purpose) is None:
        return None
    token = feeds.calendar_token(registration, purpose, key=current_app.config["SECRET_KEY"], now=now())
    db.session.commit()
    congress = registration.congress.names.text(chosen_language())
    names = {  # as the calendars call themselves
        Purpose.OWN: _("%(congress)s: my programme", congress=congress),
        Purpose.DELEGATION: _("%(congress)s: our delegation", congress=congress),
        Purpose.FIELD: _("%(congress)s: all sessions of our field", congress=congress),
    }
    offered = subscriptions.OWN if purpose is Purpose.OWN else subscriptions.OF_OTHERS
    return subscriptions.subscription(
        links.secret_calendar(token, registration.congress.slug, purpose),
        names[purpose],
        choice.options(offered, reads=chosen_language(), otherwise=registration.delegate.person.language),
    )


@bp.post("/choose/<code>")
def choose(token: str, code: str) -> ResponseReturnValue:
    return _change(token, code, lambda registration, item: bookings.choose(registration, item, now=now()))


@bp.post("/drop/<code>")
def drop(token: str, code: str) -> ResponseReturnValue:
    return _change(token, code, lambda registration, item: bookings.drop(registration, item, now=now()))


def _change(token: str, code: str, change: Callable[[Registration, ProgrammeItem], object]) -> ResponseReturnValue:
    registration = opened.registration_of(token)
    opened.change_item(registration, code, change)
    return redirect(url_for(".show", token=token, _anchor="choose"), 303)  # where the page tells it, too


@bp.post("/accept-offer")
def accept_offer(token: str) -> ResponseReturnValue:
    """Take the place that was offered to somebody who waits."""
    registration = opened.registration_of(token)
    try:
        offers.accept_offer(registration, now=now())
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "info")
    else:
        db.session.commit()
    return redirect(url_for(".show", token=token), 303)


@bp.post("/consents/<any(give, withdraw):action>/<kind>")
def consent(token: str, action: str, kind: str) -> ResponseReturnValue:
    """Agree to one thing, or withdraw it."""
    registration = opened.registration_of(token)
    if kind not in set(ConsentKind):
        abort(404)
    if not registration.is_live:
        abort(410)
    try:
        steps.change_consent(registration, ConsentKind(kind), is_given=action == "give", now=now())
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "info")
    else:
        db.session.commit()
        flash(_("Your consents have been changed."), "info")
    return redirect(url_for(".show", token=token, consents=1, _anchor="consents"), 303)


@bp.post("/withdraw")
def withdraw(token: str) -> ResponseReturnValue:
    registration = opened.registration_of(token)
    services.withdraw(registration, now=now())
    feeds.revoke_calendar_tokens(registration, now=now())
    db.session.commit()
    return redirect(url_for(".show", token=token), 303)


@bp.post("/new-calendar-link", defaults={"purpose": Purpose.OWN.value})
@bp.post("/new-calendar-link/<purpose>")
def new_calendar_link(token: str, purpose: str) -> ResponseReturnValue:
    """The first address of a calendar that the person asks for, or another one for a link that came into wrong hands."""
    registration = opened.registration_of(token)
    if not registration.is_live:
        abort(410)
    wanted = next((each for each in _purposes(registration, queries.attendee(registration)) if each.value == purpose), None)
    if wanted is None:
        abort(404)
    had_one = feed_queries.live_token(registration, wanted) is not None
    feeds.renew_calendar_token(registration, wanted, key=current_app.config["SECRET_KEY"], now=now())
    db.session.commit()
    if had_one:
        flash(_("This is your new calendar link. The old one no longer works; remove it from your calendar app."), "info")
    return redirect(url_for(".show", token=token, _anchor=f"calendar-{wanted.value}"), 303)
