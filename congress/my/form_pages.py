"""What stands on each page of the registration form, and how it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from congress.core.clock import now
from congress.core.countries import countries
from congress.core.forms import BaseForm
from congress.core.languages import of_readers
from congress.delegates import queries as delegates
from congress.delegates.vocabulary import Category, Step
from congress.registration.form import consent_texts, consents, steps, travel_rules
from congress.registration.form import queries as step_queries
from congress.registration.form.travel_rules import Travel
from congress.registration.forms.needs import ConsentsForm, NeedsForm
from congress.registration.forms.role import IdentityForm, RoleForm
from congress.registration.forms.travel import TravelForm, travel_form
from congress.registration.models import Registration
from congress.web import filters
from congress.web.language import chosen_language


@dataclass(frozen=True)
class Page:
    """A page: ``make`` from a registration, what was sent (None: nothing) and whether the reader is the person; ``check`` what goes
    together; ``save``, which also takes the installation's key."""

    make: Callable[[Registration, Any, bool], Any]
    save: Callable[[Registration, Any, str], None]
    check: Callable[[Registration, Any], bool] = lambda _registration, _form: True


def _identity(registration: Registration, given: Any, _is_person: bool) -> IdentityForm:
    delegate, person = registration.delegate, registration.delegate.person
    form = IdentityForm(given, obj=person, badge_name=delegate.badge_name, badge_city=delegate.badge_city)
    form.offer_languages(of_readers(registration.congress.languages))
    return form


def _role(registration: Registration, given: Any, _is_person: bool) -> RoleForm:
    form = RoleForm(given, obj=registration.delegate)
    form.fit(registration.delegate.category, step_queries.working_languages(registration.congress))
    if given is None and "in_mayors_session" in form and Step.ROLE not in registration.steps_done:
        form.in_mayors_session.data = True  # what mayors come for; whoever fills in for them must not have to find it
    return form


def _travel(registration: Registration, given: Any, is_person: bool) -> TravelForm:
    congress, told = registration.congress, step_queries.details(registration)
    nights = travel_rules.nights_of(congress.starts_on, congress.ends_on)
    labels = [str(_("Night of %(day)s", day=filters.day_of_week(night))) for night in nights]
    kind = travel_form(nights, labels)
    form = kind(given, data=steps.travel_values(told.stay, told.passport, is_shown=is_person))
    days = travel_rules.days_of(congress.starts_on, congress.ends_on)
    form.offer(
        [(day.isoformat(), filters.day_of_week(day)) for day in days],
        [(city.slug, filters.text(city.names)) for city in congress.hosts],
        list(countries(chosen_language()).items()),
    )
    form.has_letter_before = bool(not is_person and told.passport and told.passport.content)
    if told.stay is None and given is None:
        form.days.data = [day.isoformat() for day in days]
    return form


def _check_travel(registration: Registration, form: TravelForm) -> bool:
    told = Travel(
        arrival_on=form.arrival_on.data, arrival_time=form.arrival_time.data, departure_on=form.departure_on.data,
        departure_time=form.departure_time.data, days=form.days.data or (), nights=form.nights(), born_on=form.born_on.data,
        passport_expires_on=form.passport_expires_on.data,
    )  # fmt: skip
    congress = registration.congress
    found = travel_rules.problems(
        told, starts_on=congress.starts_on, ends_on=congress.ends_on, today=now().astimezone(congress.zone).date()
    )
    form.tell(found)
    return not found


def _needs(registration: Registration, given: Any, is_person: bool) -> NeedsForm:
    told = step_queries.details(registration).needs if is_person else None
    form = NeedsForm(given, data=told.content if told else {})
    form.offer()
    if Category.COMPANION not in delegates.categories(registration.congress):
        form.leave_out_companions()
    return form


def _consents(registration: Registration, given: Any, _is_person: bool) -> ConsentsForm:
    form = ConsentsForm(given, data={f"consent_{kind.value}": True for kind in consents.given(registration)})
    form.say(consent_texts.texts(chosen_language(), consent_texts.version_for(registration.congress)))
    return form


PAGES: dict[Step, Page] = {
    Step.IDENTITY: Page(_identity, lambda registration, form, _key: steps.save_identity(registration, form)),
    Step.ROLE: Page(_role, lambda registration, form, _key: steps.save_role(registration, form)),
    Step.TRAVEL: Page(
        _travel, lambda registration, form, key: steps.save_travel(registration, form, key=key, now=now()), _check_travel
    ),
    Step.NEEDS: Page(_needs, lambda registration, form, _key: steps.save_needs(registration, form, now=now())),
    Step.CONSENTS: Page(_consents, lambda registration, form, _key: steps.save_consents(registration, form, now=now())),
}


def form_of(registration: Registration, step: Step) -> BaseForm:
    """The page with what has been told, to be read."""
    form: BaseForm = PAGES[step].make(registration, None, True)
    return form
