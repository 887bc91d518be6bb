"""Writes of the pages of the form: each is saved on its own, and the whole is sent at the end."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.text import fold
from congress.delegates.vocabulary import STEP_LABELS, Category, Step
from congress.outbox import services as outbox
from congress.outbox.services import Letter
from congress.registration import queries, services
from congress.registration.circumstances import Circumstances, around
from congress.registration.details import Needs, Passport, Stay
from congress.registration.form import consents
from congress.registration.form import queries as step_queries
from congress.registration.form.windows import Access
from congress.registration.forms.needs import ConsentsForm, NeedsForm
from congress.registration.forms.role import IdentityForm, RoleForm
from congress.registration.forms.travel import LETTER, TravelForm
from congress.registration.letters import mail
from congress.registration.models import Registration
from congress.registration.questions import answers
from congress.registration.refusals import NameTaken, NotReady, RegistrationClosed, RegistrationEnded, StepClosed
from congress.registration.services import PERSON, Actor, Applicant
from congress.registration.states import SENT, State
from congress.registration.vocabulary import ConsentKind, RoomKind, StationKind

# Whom a city's focal point knows: those who stand for the city.
_OF_FOCAL_POINT = frozenset({Category.DELEGATE, Category.MAYOR, Category.COORDINATOR})
# What cannot be sent without having been looked at, where it is open; sessions are chosen when there is a place.
_NEEDED = (Step.IDENTITY, Step.ROLE, Step.TRAVEL, Step.NEEDS)


def begin(
    congress: Congress, applicant: Applicant, *, phone: str = "", remark: str = "", key: str, now: datetime
) -> Registration:
    """Begin a registration from the public page and queue the mail with the link to go on. The same form sent twice begins one.

    Raises RegistrationClosed, NotAMember, and StepClosed where this category cannot register here or now.
    """
    if applicant.category not in step_queries.categories_offered(congress):
        raise StepClosed(_("Nobody can register in this role here. Write to the organisers."))
    if not step_queries.start_standing(congress, applicant.category, now).is_open:
        raise StepClosed(_("Registration in this role is not open now. Write to the organisers."))
    begun = services.start(congress, applicant, key=key, now=now)
    if begun.state is State.STARTED and not begun.steps_done:
        begun.delegate.remark, begun.delegate.person.phone = remark, phone
        begun.steps_done = [Step.IDENTITY]
        db.session.flush()
        mail(begun, "registration_started", f"registration-started-{begun.id}", now)
    return begun


def open_step(registration: Registration, step: Step, *, now: datetime) -> None:
    """Lock the registration, with the person it is about, to save one of its pages. Raises RegistrationEnded, StepClosed."""
    lock(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    standing = step_queries.standings(registration, now).get(step)
    if standing is None or standing.access is Access.NOT_YET:
        raise StepClosed(_("“%(step)s” is not open yet.", step=STEP_LABELS[step]))
    if not standing.is_open:
        raise StepClosed(_("“%(step)s” is closed. What you have told us is kept.", step=STEP_LABELS[step]))


def done(registration: Registration, step: Step, *, actor: Actor = PERSON, now: datetime) -> None:
    """Note that the page has been filled in; who was invited has begun with it."""
    _note_done(registration, step, actor, now)
    db.session.flush()


def _note_done(registration: Registration, step: Step, actor: Actor, now: datetime) -> None:
    if step not in registration.steps_done:
        registration.steps_done = [*registration.steps_done, step]
    if registration.state is State.INVITED and actor is PERSON:
        services.move(registration, State.STARTED, actor, now)


def save_identity(registration: Registration, form: IdentityForm) -> None:
    """Name, addresses and badge. Raises NameTaken where another registration that was sent is known by the new name and address."""
    person, delegate = registration.delegate.person, registration.delegate
    known_as = services.identity(form.given_name.data, form.family_name.data, form.email.data)
    if registration.state in SENT and known_as != registration.identity:
        other = queries.find_sent(registration.congress, known_as)
        if other is not None and other is not registration:
            raise NameTaken(_("This name cannot be saved with this e-mail address. Please write to the organisers."))
    registration.identity = known_as
    for name in ("title", "given_name", "family_name", "email", "language", "pronouns", "phone"):
        setattr(person, name, form[name].data or "")
    delegate.badge_name, delegate.badge_city = form.badge_name.data or "", form.badge_city.data or ""


def save_role(registration: Registration, form: RoleForm) -> None:
    """What the person does at the congress; what this category is not asked stays as it is."""
    for field in form:
        setattr(registration.delegate, field.short_name, field.data or type(field.data)())
    if "speaks" in form and not form.speaks.data:
        registration.delegate.speech_title = ""


def save_travel(registration: Registration, form: TravelForm, *, key: str, now: datetime) -> None:
    """Travel, stay, and the data of the letter, which are deleted where no letter is needed any more."""
    stay = db.session.get(Stay, registration.id) or Stay(registration_id=registration.id)
    stay.days, stay.nights, stay.changed_at = sorted(form.days.data or ()), form.nights(), now
    stay.arrival_on, stay.departure_on = form.arrival_on.data, form.departure_on.data
    stay.arrival_time, stay.departure_time = _clock(form.arrival_time.data), _clock(form.departure_time.data)
    stay.arrival_at, stay.departure_at = (
        StationKind(each.data) if each.data else None for each in (form.arrival_at, form.departure_at)
    )
    stay.room = RoomKind(form.room.data) if form.room.data else None
    for name in ("arrival_number", "departure_number", "hotel", "shares_with"):
        setattr(stay, name, form[name].data or "")
    stay.wants_transfer = form.wants_transfer.data
    db.session.add(stay)
    _save_letter(registration, form, key, now)


def _save_letter(registration: Registration, form: TravelForm, key: str, now: datetime) -> None:
    passport = db.session.get(Passport, registration.id)
    if form.has_letter_before and form.needs_letter.data and not any(form[name].data for name in LETTER):
        return
    if passport is None and not form.needs_letter.data:
        return
    passport = passport or Passport(registration_id=registration.id)
    passport.needs_letter, passport.changed_at = form.needs_letter.data, now
    if form.needs_letter.data:
        passport.content = {
            "name": form.passport_name.data, "born_on": form.born_on.data.isoformat(), "nationality": form.nationality.data,
            "number": form.passport_number.data, "expires_on": form.passport_expires_on.data.isoformat(), "consulate": form.consulate.data,
        }  # fmt: skip
        passport.fingerprint = fingerprint(form.nationality.data, form.passport_number.data, key)
    else:
        passport.content, passport.fingerprint = None, ""
    db.session.add(passport)


def fingerprint(nationality: str, number: str, key: str) -> str:
    """A keyed digest of a passport, to notice the same one twice without reading it."""
    folded = "".join(sign for sign in fold(number) if sign.isalnum())
    return hmac.new(key.encode(), f"passport\n{nationality}\n{folded}".encode(), hashlib.sha256).hexdigest()


def save_needs(registration: Registration, form: NeedsForm, *, now: datetime) -> None:
    """Diet, access, companion and emergency contact; what was not answered is left out."""
    needs = db.session.get(Needs, registration.id) or Needs(registration_id=registration.id)
    needs.content = {field.short_name: field.data for field in form if field.data}
    needs.changed_at = now
    db.session.add(needs)


def save_consents(registration: Registration, form: ConsentsForm, *, now: datetime) -> None:
    """What is ticked now holds; what was given before and is not ticked any more is withdrawn."""
    consents.agree(registration, form.given, now=now)


def change_consent(registration: Registration, kind: ConsentKind, *, is_given: bool, now: datetime) -> None:
    """Give or withdraw one consent at any time. Raises CannotMove."""
    lock(registration)
    if is_given:
        consents.give(registration, kind, now=now)
    else:
        consents.withdraw(registration, kind, now=now)


@dataclass(frozen=True)
class Readiness:
    """What is still to do before a registration can be sent."""

    to_do: list[Step]

    @property
    def is_ready(self) -> bool:
        return not self.to_do


def readiness(registration: Registration, now: datetime, found: Circumstances | None = None) -> Readiness:
    """The pages that are open and have not been filled in, and the consent without which nothing can be sent."""
    found = found or around(registration)
    standings = step_queries.standings(registration, now, has_windows=found.has_windows)
    to_do: list[Step] = [
        step for step in _NEEDED if step in standings and standings[step].is_open and step not in registration.steps_done
    ]
    unanswered = answers.unanswered([registration])[registration.id] if found.has_questions else []
    to_do += [each.step for each in unanswered if standings[each.step].is_open]
    if not found.agrees:
        to_do.append(Step.CONSENTS)
    return Readiness(sorted(set(to_do), key=list(Step).index))


def send(registration: Registration, *, actor: Actor = PERSON, key: str, now: datetime) -> Registration:
    """Send what has been filled in. Where the city has a focal point, that one is asked about whoever came alone.

    The link of somebody who began on the public page ends, whatever comes of it, and the mail brings another one: it stood in
    a browser before anybody had read a mail, and must not tell there whether the person had been registered before.
    Raises RegistrationEnded, RegistrationClosed, NotReady.
    """
    services.hold(registration)
    if not registration.is_live:
        raise RegistrationEnded(_("This registration has ended."))
    if registration.state in SENT and registration.submitted_at is not None:
        return registration
    alone = came_alone(registration)
    if alone and not may_send(registration, now):
        raise RegistrationClosed(_("Registration is closed."))
    found = around(registration)
    if not readiness(registration, now, found).is_ready:
        raise NotReady(_("Something is still missing; see below."))
    _note_done(registration, Step.REVIEW, PERSON, now)
    asks = alone and is_for_focal_point(registration)
    registration.awaits_focal_point = asks
    if alone:
        services.end_link(registration, key)
    sent = services.submit_held(registration, found, actor=actor, now=now)
    if asks and sent is registration:
        _ask_focal_point(registration, now)
    return sent


def came_alone(registration: Registration) -> bool:
    """Whether the person began on the public page, named by nobody, and has not sent it yet."""
    return registration.state is State.STARTED and not registration.holds_place


def is_for_focal_point(registration: Registration) -> bool:
    """Whether somebody of the city has to say that the person belongs to its delegation."""
    delegation = registration.delegate.delegation
    return registration.delegate.category in _OF_FOCAL_POINT and delegation is not None and bool(delegation.focal_email)


def may_send(registration: Registration, now: datetime) -> bool:
    """Whether registration, or this page for this person, is open."""
    congress = registration.congress
    if congress.is_registration_open(now):
        return True
    return any(each.step in {None, Step.REVIEW} and now < each.until for each in step_queries.reopened(registration))


def _ask_focal_point(registration: Registration, now: datetime) -> None:
    delegation = registration.delegate.delegation
    assert delegation is not None  # noqa: S101  (asked only where there is one)
    outbox.enqueue(
        Letter(
            key=f"person-asks-{registration.id}", to=delegation.focal_email, template="person_asks",
            language=delegation.focal_language, facts={"registration": registration.id},
            congress=registration.congress_id, about=f"delegation:{delegation.id}",
        ),
        now=now,
    )  # fmt: skip


def _clock(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""


def travel_values(stay: Stay | None, passport: Passport | None, *, is_shown: bool = True) -> dict[str, Any]:
    """What the page of travel shows; the data of the letter only to the person (``is_shown``)."""
    values: dict[str, Any] = {"needs_letter": bool(passport and passport.needs_letter)}
    if stay is not None:
        values |= {column.key: getattr(stay, column.key) for column in Stay.__table__.columns}
        values |= {name: _time(values[name]) for name in ("arrival_time", "departure_time")}
        values |= {name: each.value if (each := values[name]) else "" for name in ("arrival_at", "departure_at", "room")}
        values |= {f"night_{night}": city for night, city in stay.nights.items()}
    if passport is not None and passport.content and is_shown:
        values |= _letter_values(passport.content)
    return values


def _letter_values(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "passport_name": content["name"], "born_on": date.fromisoformat(content["born_on"]), "nationality": content["nationality"],
        "passport_number": content["number"], "passport_expires_on": date.fromisoformat(content["expires_on"]),
        "consulate": content["consulate"],
    }  # fmt: skip


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
