"""Lists of registrations: what finds whom, in which order, in how many statements."""

from __future__ import annotations

import gc
import tracemalloc

import pytest
from sqlalchemy import func, select, update

from congress.core import sheets_out
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import Person
from congress.delegates.vocabulary import Category
from congress.registration import services
from congress.registration.models import Registration
from congress.registration.organising import columns, lists
from congress.registration.organising.columns import Column
from congress.registration.organising.filters import Filter
from congress.registration.states import State
from congress.registration.vocabulary import ConsentKind
from tests.factories import HOSTS, NOW, make_registration, the_city, the_congress
from tests.statements import statements


def names(**args: str) -> list[str]:
    """Family names of whom a list with this address shows."""
    found = lists.listed(the_congress(), lists.ids(the_congress(), args))
    return [each.registration.delegate.person.family_name for each in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lodz", ["Żółw"]),
        ("łódź", ["Żółw"]),
        ("zolw", ["Żółw"]),
        ("LUKASZ zolw", ["Żółw"]),
        ("Ostersund", ["Ångström"]),
        ("angstrom ostersund", ["Ångström"]),
        ("astrid@", ["Ångström"]),
        ("zolw ostersund", []),
        ("100%", []),
        ("a_g", []),
        ("' OR 1=1 --", []),
    ],
)
def test_diacritics_order_and_signs_of_sql_do_not_matter(undone, typed, found):
    make_registration(given_name="Łukasz", family_name="Żółw", city="lodz")
    make_registration(given_name="Astrid", family_name="Ångström", city="ostersund", email="astrid@osd.example")
    assert names(q=typed) == found


def test_who_is_renamed_is_found_by_the_new_name_only(undone):
    made = make_registration(family_name="Before")
    made.delegate.person.family_name = "Később"
    db.session.flush()
    assert (names(q="before"), names(q="kesobb")) == ([], ["Később"])


def test_a_long_name_in_another_script_is_still_stored(undone):
    made = make_registration(given_name="陳" * 100, family_name="大" * 100)
    assert (len(made.searched) <= 600, names(q="大" * 20)) == (True, ["大" * 100])


def test_each_filter_narrows_the_list(undone):
    make_registration(
        family_name="Film", city="lodz", category=Category.MAYOR, consents=[ConsentKind.PRIVACY, ConsentKind.PHOTOS]
    )
    make_registration(family_name="Music", city="katowice", now=NOW.replace(day=12))
    rejected = make_registration(family_name="Press", city="", category=Category.PRESS)
    services.reject(rejected, actor=HOSTS, now=NOW)
    everybody = {"since": "2018-05-10"}
    assert {
        "field": names(field="film", **everybody),
        "region": sorted(names(region="europe_north_america", **everybody)),
        "country": sorted(names(country="pl", **everybody)),
        "city": names(city="katowice"),
        "category": names(category="press"),
        "state": names(state="rejected"),
        "consent": names(consent="photos", **everybody),
        "lacking": names(lacking="travel", **everybody),
        "since": names(since="2018-05-12"),
        "ids": names(ids=f"{rejected.id},x,99999999999"),
    } == {
        "field": ["Film"],
        "region": ["Film", "Music"],
        "country": ["Film", "Music"],
        "city": ["Music"],
        "category": ["Press"],
        "state": ["Press"],
        "consent": ["Film"],
        "lacking": ["Music"],  # nothing is asked of a mayor, and who has left tells nothing any more
        "since": ["Music"],
        "ids": ["Press"],
    }


def test_what_no_filter_understands_shows_all(undone):
    everybody = lists.ids(the_congress(), {})
    odd = {
        "state": "x",
        "category": "<b>",
        "since": "30.02.2018",
        "country": "POL",
        "sort": "size",
        "lacking": "hat",
        "field": "'",
    }
    assert (lists.ids(the_congress(), odd), Filter.of(odd).is_narrow) == (everybody, False)


def test_an_address_says_the_filter_and_is_read_back():
    args = {"q": "Łódź", "state": "waiting", "field": "film", "country": "PL", "since": "2018-05-01", "sort": "sent"}
    assert (Filter.of(args).args(), Filter.of({"q": "a\x00\u202eb"}).q) == (args, "ab")


def test_lists_are_sorted_as_asked(undone):
    db.session.execute(update(Registration).values(state=State.REPLACED, holds_place=False))
    db.session.execute(update(Registration).values(submitted_at=NOW.replace(year=2017)))
    for day, (name, city) in enumerate([("Żak", "lodz"), ("abak", "ostersund"), ("Ćma", "aswan")], start=11):
        make_registration(family_name=name, city=city, now=NOW.replace(day=day))
    shown = {sort: names(sort=sort, since="2018-05-11") for sort in ("name", "city", "sent")}
    assert shown == {"name": ["abak", "Ćma", "Żak"], "city": ["Ćma", "Żak", "abak"], "sent": ["Ćma", "abak", "Żak"]}


def test_names_and_cities_are_sorted_as_polish_readers_expect(undone, monkeypatch):
    """On either database, whatever its collation: ł comes after l, and ź before ż."""
    monkeypatch.setattr(lists, "PAGE", 3)
    words = [
        "Żak",
        "Łoś",
        "Zych",
        "Lwów",
        "Ångström",
        "de la Cruz",
        "Łan",
        "Lyon",
        "Źdźbło",
        "Ösz",
        "Ósmy",
        "Ozon",
        "Ljubljana",
        "Delacruz",
    ]
    for word in words:
        make_registration(family_name=word, city="kanazawa", now=NOW.replace(day=11))
    chosen = Filter.of({"since": "2018-05-11"})
    pages = [lists.page(the_congress(), chosen, number=number, total=len(words)) for number in range(1, 6)]
    assert [row.registration.delegate.person.family_name for each in pages for row in each.rows] == [
        "Ångström", "de la Cruz", "Delacruz", "Ljubljana", "Lwów", "Lyon", "Łan", "Łoś", "Ösz", "Ozon", "Ósmy", "Zych", "Źdźbło", "Żak",
    ]  # fmt: skip


def test_cities_are_sorted_by_their_names_in_the_language_of_the_reader(undone, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 2)
    renamed = {"kanazawa": "Łódź", "ostersund": "Lyon", "aswan": "Lwów", "tetouan": "Ljubljana"}
    for slug, name in renamed.items():
        the_city(slug).names = Localised(en="Lodz" if name == "Łódź" else name, pl=name)
        make_registration(family_name=name, city=slug, now=NOW.replace(day=11))
    make_registration(family_name="Nobody", city="", category=Category.PRESS, now=NOW.replace(day=11))
    chosen = Filter.of({"since": "2018-05-11", "sort": "city"})
    shown = {
        language: [
            row.registration.delegate.person.family_name
            for number in (1, 2, 3)
            for row in lists.page(the_congress(), chosen, number=number, total=5, language=language).rows
        ]
        for language in ("pl", "en")
    }
    assert shown == {
        "pl": ["Ljubljana", "Lwów", "Lyon", "Łódź", "Nobody"],
        "en": ["Ljubljana", "Łódź", "Lwów", "Lyon", "Nobody"],
    }


def test_pages_beyond_the_end_are_the_last_one(undone, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 5)
    total = len(lists.ids(the_congress(), {}))
    pages = [lists.page(the_congress(), Filter(), number=number, total=total) for number in (1, 2, 3, 99, -4)]
    assert [(each.number, each.last, len(each.rows)) for each in pages] == [(1, 3, 5), (2, 3, 5), (3, 3, 2), (3, 3, 2), (1, 3, 5)]
    shown = [row.registration.id for each in pages[:3] for row in each.rows]
    assert shown == lists.ids(the_congress(), {})


def test_states_are_counted_whatever_state_is_chosen(undone):
    before = lists.counts_by_state(the_congress(), Filter())
    make_registration()
    after = lists.counts_by_state(the_congress(), Filter(state=State.REJECTED))
    assert after == before | {State.SUBMITTED: before[State.SUBMITTED] + 1}


def test_a_page_takes_the_same_statements_for_one_and_for_three(undone):
    taken = []
    for _each in range(2):
        make_registration(family_name="Counted", city="lodz")
        db.session.expire_all()
        congress = the_congress()
        with statements() as seen:
            page = lists.page(congress, Filter(q="counted"), number=1, total=3)
            for row in page.rows:
                [columns.written(row, column, language="pl", zone=congress.zone) for column in Column]
        taken.append((len(page.rows), len(seen)))
        make_registration(family_name="Counted", city="krakow")
    assert [rows for rows, _number in taken] == [1, 3]
    assert taken[0][1] == taken[1][1] <= 5


def test_a_file_of_many_people_needs_the_memory_of_few(context, monkeypatch):
    """A stream lets go of what it has given: the most that it holds does not grow with the list."""
    monkeypatch.setattr(lists, "_CHUNK", 4)
    first = db.session.scalar(select(func.min(Registration.id)))
    monkeypatch.setattr(lists, "ids", lambda _congress, args, **_more: [first, first + 1, first + 2, first + 3] * int(args["q"]))
    congress = the_congress()
    held = []
    gc.collect()
    gc.freeze()  # or, beside all that other tests have left, what was let go would not be worth collecting for a long time
    gc.collect()
    for times in (10, 100):
        rows = (
            [columns.written(each, Column.CITY, language="en", zone=congress.zone)]
            for some in lists.stream(congress, Filter(q=str(times)))
            for each in some
        )
        tracemalloc.start()
        sum(len(piece) for piece in sheets_out.csv(rows))
        held.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    gc.unfreeze()
    assert held[1] < 2 * held[0]


def test_a_person_may_be_found_by_each_registration(undone):
    made = make_registration(family_name="Twice")
    other = make_registration(family_name="Twice", email="other@kanazawa.example")
    db.session.execute(update(Person).where(Person.id == other.delegate.person_id).values(phone="1"))
    assert sorted(lists.ids(the_congress(), {"q": "twice"})) == [made.id, other.id]
