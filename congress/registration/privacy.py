"""What becomes of personal data: who looked, what a person may take away, what is erased, and what ends with its time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, String, cast, delete, func, inspect, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from congress.congresses.models import Congress
from congress.core.db import Base, db, lock
from congress.core.localised import Localised
from congress.delegates.models import Delegate, DelegationEvent, Person
from congress.outbox.models import Message, MessageState
from congress.programme.people import erasure
from congress.programme.people import queries as people
from congress.programme.people.erasure import ERASED
from congress.programme.people.models import Speaker
from congress.registration import services
from congress.registration.details import Needs, Passport, Stay
from congress.registration.models import Booking, Consent, Move, Opening, Registration, SensitiveLook
from congress.registration.questions import uploads
from congress.registration.questions.models import Answer, Question, Upload
from congress.registration.services import Actor
from congress.registration.states import State
from congress.registration.vocabulary import RETENTION_DAYS, Retention


def log_look(
    congress: Congress, registration: Registration | None, *, account_id: int, account: str, what: str, now: datetime
) -> None:
    """Write down that somebody who works here looked at what is sensitive; ``registration`` is None for a list of all."""
    look = SensitiveLook(
        congress_id=congress.id, registration_id=registration.id if registration else None,
        account_id=account_id, account=account, what=what, at=now,
    )  # fmt: skip
    db.session.add(look)
    db.session.flush()


def looks(congress: Congress, *, most: int = 500) -> Sequence[tuple[SensitiveLook, str]]:
    """Who looked at what, the last first, each with the name of the person it was about (empty for a list of all)."""
    rows = db.session.execute(
        select(SensitiveLook, Person.given_name, Person.family_name)
        .outerjoin(Registration, Registration.id == SensitiveLook.registration_id)
        .outerjoin(Delegate, Delegate.id == Registration.delegate_id)
        .outerjoin(Person, Person.id == Delegate.person_id)
        .where(SensitiveLook.congress_id == congress.id)
        .order_by(SensitiveLook.id.desc())
        .limit(most)
    )
    return [(look, f"{given or ''} {family or ''}".strip()) for look, given, family in rows]


def plain(row: Base, *, but: Iterable[str] = ()) -> dict[str, Any]:
    """The columns of a row as JSON has them, without ids and what opens links."""
    hidden = {"id", "link_digest", "link_version", "submission_key", "identity", "fingerprint", *but}
    found = {}
    for column in inspect(row).mapper.columns:
        if column.key not in hidden and not column.key.endswith("_id"):
            value = getattr(row, column.key)
            found[column.key] = (
                value.isoformat() if isinstance(value, date) else dict(value) if isinstance(value, Localised) else value
            )
    return found


def _of(model: type[Base], key: InstrumentedAttribute[Any], registration: Registration) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(model).where(key == registration.id).order_by(*inspect(model).primary_key)).all()
    return [plain(row) for row in rows]


def own_data(registration: Registration) -> dict[str, Any]:
    """Everything that is kept about a person at one congress, as JSON values (RODO, articles 15 and 20)."""
    delegate = registration.delegate
    answers = db.session.scalars(
        select(Answer).where(Answer.registration_id == registration.id).options(joinedload(Answer.question)).order_by(Answer.id)
    )
    bookings = db.session.scalars(
        select(Booking).where(Booking.registration_id == registration.id).options(joinedload(Booking.item)).order_by(Booking.id)
    )
    mails = db.session.scalars(select(Message).where(Message.about == f"registration:{registration.id}").order_by(Message.id))
    moves = _of(Move, Move.registration_id, registration)
    return {
        "congress": registration.congress.slug,
        "city": delegate.city.slug if delegate.city else None,
        "person": plain(delegate.person),
        "delegate": plain(delegate),
        "registration": plain(registration),
        # Beside the end of who was replaced stands the name of whoever came instead.
        "history": [each | ({"why": ""} if each["after"] == State.REPLACED else {}) for each in moves],
        "consents": _of(Consent, Consent.registration_id, registration),
        "travel": _of(Stay, Stay.registration_id, registration),
        "needs": _of(Needs, Needs.registration_id, registration),
        "passport": _of(Passport, Passport.registration_id, registration),
        "answers": [{"question": each.question.code, **plain(each)} for each in answers],
        "files": _of(Upload, Upload.registration_id, registration),
        "sessions": [{"item": each.item.code, **plain(each)} for each in bookings],
        "speaker": [plain(each, but=("public_id",)) for each in _as_speaker(registration)],
        "mails": [plain(each, but=("facts", "key", "last_error")) for each in mails],
        "looks": [
            {"what": each.what, "at": each.at.isoformat()}
            for each in db.session.scalars(select(SensitiveLook).where(SensitiveLook.registration_id == registration.id))
        ],
    }


def ask_for_erasure(registration: Registration, *, now: datetime) -> None:
    """The person asks that the own data be erased; organisers do it, or the purge 30 days later. A second time changes nothing."""
    lock(registration)
    if registration.erasure_asked_at is None:
        registration.erasure_asked_at = now
        db.session.flush()


def erasures_asked(congress: Congress) -> Sequence[Registration]:
    """Those who asked and whose data are still there, the longest waiting first."""
    return db.session.scalars(
        select(Registration)
        .where(
            Registration.congress_id == congress.id, Registration.erasure_asked_at.is_not(None), Registration.erased_at.is_(None)
        )
        .options(joinedload(Registration.delegate).joinedload(Delegate.person))
        .order_by(Registration.erasure_asked_at, Registration.id)
    ).all()


def erase(registration: Registration, *, actor: Actor, now: datetime) -> None:
    """Withdraw the person, and keep nothing but that somebody of that city and category was registered, for the counts.

    Who speaks at the congress is erased as a speaker too, if name and address say that it is the same person. A second time changes nothing.
    """
    if registration.erased_at is not None:
        return
    services.withdraw(registration, actor=actor, now=now, why="erasure")
    person, delegate = registration.delegate.person, registration.delegate
    for speaker in _as_speaker(registration):
        erasure.erase(speaker, by=actor.name, now=now)
    _delete_uploads(Upload.registration_id == registration.id)
    for model in (Stay, Needs, Passport, Answer, Consent, Opening):
        db.session.execute(delete(model).where(model.registration_id == registration.id))
    db.session.execute(update(Move).where(Move.registration_id == registration.id).values(why=""))
    # Whoever came in the place of another one is named in the history of that one, and the other way round.
    instead = (Registration.replaces_id == registration.id) | (Registration.id == registration.replaces_id)
    theirs = Move.registration_id.in_(select(Registration.id).where(instead)) & Move.why.contains(person.name, autoescape=True)
    db.session.execute(update(Move).where(theirs).values(why=func.replace(Move.why, person.name, ERASED)))
    db.session.execute(
        update(Message)
        .where(Message.about == f"registration:{registration.id}", Message.state != MessageState.QUEUED)
        .values(recipient="")
    )
    if delegate.delegation_id is not None:
        told = (DelegationEvent.delegation_id == delegate.delegation_id) & DelegationEvent.detail.contains(
            person.name, autoescape=True
        )
        without = func.replace(DelegationEvent.detail, person.name, ERASED)
        db.session.execute(update(DelegationEvent).where(told).values(detail=without))
    if _is_alone(person, registration):
        person.given_name, person.family_name, person.email = ERASED, "", ""
        person.title = person.pronouns = person.phone = ""
    delegate.organisation = delegate.function = delegate.badge_name = delegate.badge_city = delegate.speech_title = (
        delegate.remark
    ) = ""
    registration.identity, registration.erased_at = f"erased {uuid.uuid4()}", now
    db.session.flush()


def speakers_of(congress: Congress, registrations: Iterable[Registration]) -> dict[int, tuple[list[Speaker], list[Speaker]]]:
    """Who these people are among the speakers, and who may be (see erasure.same_person), by the id of the registration."""
    known = people.speakers(congress)
    persons = {each.id: each.delegate.person for each in registrations}
    return {number: erasure.same_person(known, name=person.name, email=person.email) for number, person in persons.items()}


def _as_speaker(registration: Registration) -> list[Speaker]:
    return speakers_of(registration.congress, [registration])[registration.id][0]


def _is_alone(person: Person, registration: Registration) -> bool:
    """Whether the person's name belongs to this registration only."""
    others = select(Delegate.id).where(Delegate.person_id == person.id, Delegate.id != registration.delegate_id)
    return db.session.scalar(others.limit(1)) is None


def purge(congress: Congress, *, now: datetime) -> dict[str, int]:
    """Delete what has been kept long enough; how many rows of what.

    Classes of vocabulary.Retention, counted in days from the end of the congress; registrations that were begun and never sent go with
    the travel data; an erasure that was asked for and not done goes 30 days after the question.
    """
    done: dict[str, int] = {}
    of_congress = select(Registration.id).where(Registration.congress_id == congress.id)
    for kind, model in ((Retention.PASSPORT, Passport), (Retention.NEEDS, Needs), (Retention.TRAVEL, Stay)):
        if _is_over(congress, kind, now):
            done[kind.value] = _deleted(delete(model).where(model.registration_id.in_(of_congress)))
    for kind in Retention:
        if _is_over(congress, kind, now):
            asked = select(Question.id).where(Question.congress_id == congress.id, Question.retention == kind)
            gone = Answer.question_id.in_(asked)
            _delete_uploads(Upload.public_id.in_(_named_files(gone)))
            done["answers"] = done.get("answers", 0) + _deleted(delete(Answer).where(gone))
    if _is_over(congress, Retention.TRAVEL, now):
        never_sent = Registration.state.in_((State.INVITED, State.STARTED)) & Registration.submitted_at.is_(None)
        done["never sent"] = _erase_all(select(Registration).where(Registration.congress_id == congress.id, never_sent), now)
    asked_for = Registration.erasure_asked_at <= now - timedelta(days=30)
    done["asked for"] = _erase_all(
        select(Registration).where(Registration.congress_id == congress.id, asked_for, Registration.erased_at.is_(None)), now
    )
    done |= erasure.purge(congress, now=now)
    # Also from mails that have left since, such as the one that told of the end.
    erased = select(literal("registration:", String) + cast(Registration.id, String)).where(
        Registration.congress_id == congress.id, Registration.erased_at.is_not(None)
    )
    db.session.execute(
        update(Message)
        .where(Message.about.in_(erased), Message.state != MessageState.QUEUED, Message.recipient != "")
        .values(recipient="")
    )
    db.session.flush()
    return {what: number for what, number in done.items() if number}


def _is_over(congress: Congress, kind: Retention, now: datetime) -> bool:
    days = RETENTION_DAYS[kind]
    return days is not None and now.astimezone(congress.zone).date() > congress.ends_on + timedelta(days=days)


def _named_files(gone: ColumnElement[bool]) -> list[str]:
    """What these answers say, where that may be the id of a file."""
    values = [each.value for each in db.session.scalars(select(Answer).where(gone))]
    return [value for value in values if isinstance(value, str)]


def _delete_uploads(chosen: ColumnElement[bool]) -> None:
    for upload in db.session.scalars(select(Upload).where(chosen)).all():
        uploads.delete(upload)


def _deleted(statement: Delete) -> int:
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _erase_all(chosen: Any, now: datetime) -> int:
    found = db.session.scalars(chosen).all()
    for registration in found:
        erase(registration, actor=services.SYSTEM, now=now)
    return len(found)
