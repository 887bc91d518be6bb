"""What makes the demo's pages for organisers worth a look; all of it invented."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, time, timedelta

from sqlalchemy import update

from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.core.text import slugify
from congress.delegates import queries
from congress.delegates.models import Delegation, DelegationEvent, Window
from congress.delegates.services import delegation_of, link_token
from congress.delegates.vocabulary import OF_ORGANISERS, Category, DelegationEventKind, DelegationState, Part, Step
from congress.demo import ORGANISER
from congress.demo.names import FAMILY, GIVEN
from congress.demo.planning import add_planning
from congress.demo.speakers import add_speakers
from congress.demo.team import add_team
from congress.events import queries as events
from congress.events import services as event_services
from congress.events.services import Visitor
from congress.events.states import Way
from congress.networks import queries as networks
from congress.networks.models import City, Contact
from congress.networks.vocabulary import ContactKind
from congress.outbox.models import Message, MessageState
from congress.registration.delegations import city_queries
from congress.registration.delegations import people as delegation_people
from congress.registration.delegations.edits import Edit
from congress.registration.questions.models import Question
from congress.registration.services import Applicant
from congress.registration.vocabulary import QuestionKind

_OFFICES = {
    ContactKind.MAIN: "creative.city", ContactKind.ALTERNATE: "culture", ContactKind.REPRESENTATIVE: "international",
    ContactKind.MAYOR: "mayor",
}  # fmt: skip
# Where the cities are of which nobody has registered.
_OF_EMPTY = [
    DelegationState.OPENED, DelegationState.DECLINED, DelegationState.NOT_INVITED, DelegationState.INVITED,
    DelegationState.DRAFTING, DelegationState.NOT_INVITED, DelegationState.OPENED, DelegationState.DECLINED, DelegationState.NOT_INVITED,
]  # fmt: skip


def add_life(congress: Congress, *, key: str, now: datetime) -> None:
    """What makes the organisers' pages worth a look: contacts, delegations in all states, a window, a question, sign-ups."""
    _add_contacts(congress)
    _set_delegations(congress, key=key, now=now)
    _name_people(congress, key=key, now=now)
    _add_choices(congress, now=now)
    _sign_up(congress, key=key, now=now)
    add_speakers(congress, key=key, now=now)
    add_team(congress, key=key, now=now)
    add_planning(congress, now=now)
    db.session.execute(update(Message).values(state=MessageState.SENT, sent_at=now))


def _member_cities(congress: Congress) -> list[City]:
    return list({each.city_id: each.city for each in networks.members(congress.network, congress.starts_on)}.values())


def _add_contacts(congress: Congress) -> None:
    """The four standing contacts of each city, fewer of some, and none with a mail address of two."""
    chance = random.Random(180)  # noqa: S311
    for place, city in enumerate(_member_cities(congress)):
        language = "pl" if city.country_code == "PL" else "en"
        for kind, office in _OFFICES.items():
            if kind is not ContactKind.MAIN and chance.random() < 0.25:
                continue
            given, family = chance.choice(GIVEN), chance.choice(FAMILY)
            address = f"{office}@{city.slug}.example" if place % 90 != 7 else ""
            db.session.add(
                Contact(
                    network=congress.network, city=city, kind=kind, given_name=given, family_name=family,
                    institution="City Hall" if language == "en" else "Urząd Miasta", email=address, language=language,
                )
            )  # fmt: skip
    db.session.flush()


def _set_delegations(congress: Congress, *, key: str, now: datetime) -> None:
    """Who has people is confirmed but for a few; the others are anywhere between not invited and declined."""
    states = city_queries.progresses(congress)
    contacts = networks.contacts(congress.network)
    undecided = city_queries.undecided(congress)
    empty = iter(_OF_EMPTY)
    for place, city in enumerate(_member_cities(congress)):
        delegation = delegation_of(congress, city)
        if delegation.id in undecided:
            state = DelegationState.SUBMITTED
        elif delegation.id in states:
            state = DelegationState.DRAFTING if place % 23 == 5 else DelegationState.CONFIRMED
        else:
            state = next(empty, DelegationState.INVITED)
        first = contacts[city.id][0]
        if first.email:
            delegation.focal_name, delegation.focal_email, delegation.focal_language = first.name, first.email, first.language
        _go_to(delegation, state if first.email or delegation.id in states else DelegationState.NOT_INVITED, place, key, now)
    db.session.flush()


def _go_to(delegation: Delegation, state: DelegationState, place: int, key: str, now: datetime) -> None:
    """The delegation in this state, with what led to it."""
    if state is DelegationState.NOT_INVITED:
        return
    link_token(delegation, key)
    city = delegation.focal_email
    invited = now - timedelta(days=40 - place % 9, hours=place % 24)
    story = [(DelegationEventKind.INVITED, ORGANISER, invited, "")]
    if state is not DelegationState.INVITED:
        story.append((DelegationEventKind.OPENED, city, invited + timedelta(days=place % 5, hours=3), ""))
    if state in (DelegationState.SUBMITTED, DelegationState.CONFIRMED):
        story.append((DelegationEventKind.SUBMITTED, city, invited + timedelta(days=6 + place % 20), ""))
    if state is DelegationState.CONFIRMED:
        story.append((DelegationEventKind.CONFIRMED, ORGANISER, invited + timedelta(days=28), ""))
    if state is DelegationState.DECLINED:
        delegation.decline_reason = "There are elections in our city on those days."
        story.append((DelegationEventKind.DECLINED, city, invited + timedelta(days=9), delegation.decline_reason))
    if state is DelegationState.INVITED and place % 2:
        story.append((DelegationEventKind.REMINDED, ORGANISER, invited + timedelta(days=15), city))
    for kind, by, at, detail in story:
        delegation.version += 1
        db.session.add(
            DelegationEvent(delegation_id=delegation.id, kind=kind, at=at, by=by, detail=detail, version=delegation.version)
        )
    times = {kind: at for kind, _by, at, _detail in story}
    delegation.state, delegation.invited_at = state, invited
    delegation.opened_at = times.get(DelegationEventKind.OPENED)
    delegation.submitted_at = times.get(DelegationEventKind.SUBMITTED)
    delegation.active_at = max(
        at for kind, _by, at, _detail in story if kind is DelegationEventKind.INVITED or kind not in OF_ORGANISERS
    )


def _name_people(congress: Congress, *, key: str, now: datetime) -> None:
    """Four people in the first delegation that its city has opened: one too many, so that somebody waits."""
    delegation = next((each for each in queries.delegations(congress) if each.state is DelegationState.OPENED), None)
    if delegation is None:
        return
    closes = congress.registration_closes_at
    moment = now if closes is None else min(now, closes - timedelta(days=20))
    for number, part in enumerate((Part.HEAD, Part.MEMBER, Part.MEMBER, Part.ADVISER)):
        given, family = GIVEN[-number - 1], FAMILY[-number - 1]
        applicant = Applicant(
            submission_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"demo-{number}")), category=Category.DELEGATE, part=part,
            city=delegation.city.slug, given_name=given, family_name=family, language="en",
            email=f"{slugify(given)}.{slugify(family)}@{delegation.city.slug}.example",
        )  # fmt: skip
        edit = Edit(delegation.version, delegation.focal_email, moment)
        delegation_people.add(delegation, applicant, edit=edit, key=key)


def _add_choices(congress: Congress, *, now: datetime) -> None:
    """A question of the organisers, and a step of the form that closes before the others."""
    db.session.add(
        Question(
            congress_id=congress.id, code="bicycle", step=Step.NEEDS, kind=QuestionKind.YES_NO, choices=[], categories=[],
            labels=Localised(en="Would you like to join the morning bicycle ride?", pl="Czy chcą Państwo wziąć udział w porannej przejażdżce rowerowej?"),
            helps=Localised(en="Bicycles and helmets are provided.", pl="Rowery i kaski zapewniamy na miejscu."), shown_if_value="",
        )
    )  # fmt: skip
    if congress.registration_closes_at is not None:
        opens = min(congress.registration_opens_at or now, congress.registration_closes_at - timedelta(days=30))
        db.session.add(
            Window(
                congress_id=congress.id,
                category=None,
                step=Step.SESSIONS,
                opens_at=opens,
                closes_at=congress.registration_closes_at,
            )
        )
    db.session.flush()


def _sign_up(congress: Congress, *, key: str, now: datetime) -> None:
    """People of the public at two free events, of which the second is full; all before the congress began."""
    chance = random.Random(12)  # noqa: S311
    moment = min(now, datetime.combine(congress.starts_on, time(9), congress.zone) - timedelta(days=20))
    ways = events.ways_in(congress, now=moment)
    free = [item for item in events.items_for_the_public(congress) if ways.get(item.code) is Way.NO_SIGN_UP]
    for item, places in zip(free[:2], (60, 15), strict=False):
        item.takes_sign_ups, item.public_places = True, places
        db.session.flush()
        for number in range(12):
            given, family = chance.choice(GIVEN), chance.choice(FAMILY)
            visitor = Visitor(
                submission=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{item.code}-{number}")), name=f"{given} {family}",
                email=f"{slugify(given)}.{slugify(family)}{number}@visitors.example", people=1 + number % 3, language="en",
            )  # fmt: skip
            event_services.confirm(event_services.sign_up(item, visitor, key=key, now=moment), now=moment)
