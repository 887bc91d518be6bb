"""The dashboard of a congress."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from congress.core.db import db
from congress.delegates.vocabulary import Category
from congress.registration import services
from congress.registration.delegations import queries as delegation_queries
from congress.registration.details import Stay
from congress.registration.missing import Missing
from congress.registration.models import Registration
from congress.registration.organising import figures, lists
from tests.conftest import DELEGATES
from tests.factories import HOSTS, NOW, make_applicant, make_full_registration, make_registration, the_congress, the_item, utc
from tests.statements import statements

PAGE = "/desk/krakowice2018/dashboard/"


def stages() -> dict[str, tuple[int, int, int | None]]:
    congress = the_congress()
    found = figures.stages(figures.presences(congress), figures.states_by_category(congress))
    return {each.name: (each.cities, each.countries, each.people) for each in found}


def test_the_four_numbers_are_kept_apart(context):
    before = stages()
    assert before["expected"] == (180, 73, None)
    made = [make_registration(city="tetouan") for _each in range(2)]
    services.confirm(made[0], actor=HOSTS, now=NOW)
    after = stages()
    assert (after["registered"][2] - before["registered"][2], after["confirmed"][2] - before["confirmed"][2]) == (2, 1)
    services.withdraw(made[1], now=NOW)
    services.reject(made[0], actor=HOSTS, now=NOW)
    assert stages() == before


def test_who_only_started_is_not_registered(context):
    before = stages()
    services.start(the_congress(), make_applicant(), key=context.config["SECRET_KEY"], now=NOW)
    assert stages() == before


def test_days_are_those_of_the_congress_and_those_without_any_are_there_too(context):
    for moment in (utc(2018, 5, 10, 21, 59), utc(2018, 5, 10, 22, 1), utc(2018, 5, 13, 9)):  # Warsaw is two hours ahead
        make_registration(now=moment)
    days = dict(figures.registrations_by_day(the_congress()))
    of_tests = {day: number for day, number in days.items() if day >= date(2018, 5, 10)}
    assert of_tests == {date(2018, 5, 10): 1, date(2018, 5, 11): 1, date(2018, 5, 12): 0, date(2018, 5, 13): 1}


@pytest.mark.parametrize("category", [Category.PRESS, Category.MAYOR])
def test_people_are_counted_by_category_and_state(context, category):
    before = figures.states_by_category(the_congress()).get(category, {})
    make_registration(category=category)
    after = figures.states_by_category(the_congress())[category]
    assert sum(after.values()) - sum(before.values()) == 1


def test_the_page_asks_the_same_number_of_statements_whatever_there_is(app, organiser):
    organiser.get(PAGE)
    with app.app_context(), statements() as few:
        organiser.get(PAGE)
    with app.app_context():
        for number in range(3):
            make_registration(now=NOW + timedelta(days=number))
        the_item("P037").places = 20
        db.session.commit()
    organiser.get(PAGE)
    with app.app_context(), statements() as many:
        page = organiser.get(PAGE)
    assert (len(many), page.status_code) == (len(few), 200)


def test_the_page_says_in_words_what_its_pictures_show(app, organiser):
    with app.app_context():
        the_item("P037").places = 20
        db.session.commit()
    page = organiser.get(PAGE).text
    assert [word for word in ("180", "Registrations per day", "As a table", "0 of 20") if word not in page] == []
    assert f"<strong>{DELEGATES}</strong>" in page


def test_an_empty_congress_has_a_dashboard_too(app, organiser):
    with app.app_context():
        for made in list(db.session.scalars(select(Registration))):
            services.withdraw(made, now=NOW)
        db.session.commit()
    assert organiser.get(PAGE).status_code == 200


def test_what_is_missing_is_counted_as_the_list_behind_each_number_and_the_delegation_page_count_it(context):
    told = make_full_registration()
    stay = db.session.scalars(select(Stay).where(Stay.registration_id == told.id)).one()
    stay.departure_on, stay.nights, told.steps_done = date(2018, 6, 15), {"2018-06-11": "krakow"}, ["sessions"]
    make_registration(category=Category.MAYOR)
    make_registration(category=Category.PRESS, city="")
    gone = make_registration(city="aswan")
    services.withdraw(gone, now=NOW)
    congress = the_congress()
    one_by_one = Counter(each for lacks in delegation_queries.missing_in_congress(congress).values() for each in lacks)
    listed = {each: len(lists.ids(congress, {"lacking": each.value})) for each in Missing}
    assert lists.counts_lacking(congress) == listed == {each: one_by_one[each] for each in Missing}


def test_public_events_with_seats_stand_on_the_page_with_how_full_they_are(app, organiser):
    assert "No public event has a limited number of seats." in organiser.get(PAGE).text
    with app.app_context():
        the_item("P048").public_places = 30
        db.session.commit()
    page = organiser.get(PAGE).text
    assert ("/sign-ups/P048/" in page, "0 of 30" in page, "lacking=travel" in page) == (True, True, True)
