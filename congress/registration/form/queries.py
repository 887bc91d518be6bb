"""Reads for the pages of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from congress.congresses.models import Congress
from congress.core.db import ask, db
from congress.core.languages import named
from congress.delegates.models import CategoryTerms, Delegate, Person, Window
from congress.delegates.vocabulary import USUAL_CATEGORIES, Category, Step
from congress.registration.delegations import queries as delegation_queries
from congress.registration.details import Needs, Passport, Stay
from congress.registration.form import windows
from congress.registration.form.windows import Reopened, Slot, Standing
from congress.registration.form.words import WORKING_LANGUAGES
from congress.registration.missing import Missing
from congress.registration.models import Opening, Registration

# Staff and volunteers of the host cities are at home.
_WITHOUT_TRAVEL = frozenset({Category.HOST_STAFF})


@dataclass(frozen=True)
class Details:
    """What a person has told so far; None where nothing was."""

    stay: Stay | None
    needs: Needs | None
    passport: Passport | None


def details(registration: Registration) -> Details:
    """What the person has told of travel, needs and passport."""
    return Details(*(db.session.get(table, registration.id) for table in (Stay, Needs, Passport)))  # type: ignore[arg-type]


def steps_of(category: Category) -> list[Step]:
    """The pages of the form for this category, in order."""
    return [step for step in Step if not (step is Step.TRAVEL and category in _WITHOUT_TRAVEL)]


def next_step(registration: Registration) -> Step:
    """The first page that has not been filled in, for whoever comes back."""
    of_category = steps_of(registration.delegate.category)
    return next((step for step in of_category if step not in registration.steps_done), Step.REVIEW)


_SLOTS = select(Window.category, Window.step, Window.opens_at, Window.closes_at).where(
    Window.congress_id == bindparam("congress")
)
_REOPENED = select(Opening.step, Opening.until).where(Opening.registration_id == bindparam("registration"))


def slots(congress: Congress) -> list[Slot]:
    """The congress's windows as the rules see them."""
    return [Slot(*row) for row in ask(_SLOTS, congress=congress.id)]


def window_rows(congress: Congress) -> Sequence[Window]:
    """The congress's windows, those of one category and step first."""
    return db.session.scalars(select(Window).where(Window.congress_id == congress.id).order_by(Window.id)).all()


def find_window(congress: Congress, window_id: int) -> Window | None:
    """A window of this congress."""
    return db.session.scalar(select(Window).where(Window.congress_id == congress.id, Window.id == window_id))


def lacking(registration: Registration) -> tuple[Missing, ...]:
    """What of the person's data is still missing, also on pages that have been filled in."""
    return delegation_queries.missing_in(Registration.id == registration.id).get(registration.id, ())


def openings(registration: Registration) -> Sequence[Opening]:
    """What was opened for this person, the last first."""
    return db.session.scalars(select(Opening).where(Opening.registration_id == registration.id).order_by(Opening.id.desc())).all()


def reopened(registration: Registration) -> list[Reopened]:
    """The same as the rules see it."""
    return [Reopened(*row) for row in ask(_REOPENED, registration=registration.id)]


def openings_of_congress(congress: Congress) -> list[tuple[Opening, str]]:
    """What was opened for single people, the last first, each with the name."""
    rows = db.session.execute(
        select(Opening, Person)
        .join(Registration, Registration.id == Opening.registration_id)
        .join(Delegate, Delegate.id == Registration.delegate_id)
        .join(Person, Person.id == Delegate.person_id)
        .where(Registration.congress_id == congress.id)
        .order_by(Opening.id.desc())
    )
    return [(opening, person.name) for opening, person in rows]


def standings(registration: Registration, now: datetime, *, has_windows: bool = True) -> dict[Step, Standing]:
    """Each page of the form for this person, in order, with whether it is open now. ``has_windows``: whether any is limited."""
    category = registration.delegate.category
    known = slots(registration.congress) if has_windows else []
    opened = reopened(registration) if known else []  # what was never closed needs not be opened again
    return {step: windows.standing(step, category, known, opened, now=now) for step in steps_of(category)}


def start_standing(congress: Congress, category: Category, now: datetime) -> Standing:
    """Whether somebody of this category may begin to register, as far as the windows say so."""
    return windows.standing(Step.IDENTITY, category, slots(congress), [], now=now)


def working_languages(congress: Congress) -> Mapping[str, str]:
    """In what people can work here, by code: the Secretariat's languages where it takes part, else those of the congress."""
    if Category.SECRETARIAT in USUAL_CATEGORIES.get(congress.kind, tuple(Category)):
        return {code: str(name) for code, name in WORKING_LANGUAGES.items()}
    return named(congress.languages)


def categories_offered(congress: Congress) -> list[Category]:
    """The categories in which one may register oneself, in their order."""
    closed = set(
        db.session.scalars(
            select(CategoryTerms.category).where(CategoryTerms.congress_id == congress.id, CategoryTerms.is_offered.is_(False))
        )
    )
    return [category for category in Category if category not in closed]
