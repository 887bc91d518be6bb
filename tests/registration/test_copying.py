"""A congress as the start of the next one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from congress.congresses.copying import CannotCopy, Wanted
from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.models import CategoryTerms, Window
from congress.delegates.vocabulary import Category, Step
from congress.outbox.models import MailText
from congress.programme import queries
from congress.programme.exchange import tables
from congress.programme.models import Contributor
from congress.programme.people.models import Speaker
from congress.programme.planning import history
from congress.registration import copying
from congress.registration.questions.models import Question
from congress.registration.vocabulary import QuestionKind
from tests.factories import NOW, everything, make_full_registration, the_congress, the_item, the_placement, utc

BY = "olga@krakowice.example"
NEXT = Wanted("krakowice2019", Localised(en="Krakowice 2019", pl="Krakowice 2019"), Localised(), date(2019, 6, 11))
SHIFT = timedelta(days=364)


def copy(wanted: Wanted = NEXT) -> Congress:
    made = copying.copy_congress(the_congress(), wanted, by=BY, now=NOW).congress
    db.session.expire_all()
    return made


def rows_of(congress: Congress) -> dict[str, list[tuple[object, ...]]]:
    """All rows that belong to a congress by their own column or by that of their item."""
    found = {}
    for name, rows in everything().items():
        columns = [column.name for column in db.metadata.tables[name].columns]
        if "congress_id" in columns:
            place = columns.index("congress_id")
            found[name] = [row for row in rows if row[place] == congress.id]
    return found


def test_the_draft_is_moved_by_whole_days_and_nothing_else(undone: Flask):
    the_placement("P022").is_cancelled = True
    before, cities = the_congress(), tables.city_slugs()
    left = [each for each in queries.placements(before) if each.code != "P022"]
    made = copy()
    became = {row["code"]: row for row in (tables.cells_of(each, made, cities) for each in queries.placements(made))}
    assert became.keys() == {each.code for each in left}
    for each in left:
        row = tables.cells_of(each, before, cities)
        for name in ("starts", "ends"):
            day, clock = row[name][:10], row[name][10:]
            row[name] = f"{date.fromisoformat(day) + SHIFT}{clock}" if day else ""
        new = became[each.code]
        changed = {name for name in row if row[name] != new[name]}
        assert changed <= {"uid", "people", "stream_url", "join_url", "sign_ups_close_at"} and row["uid"] != new["uid"]
    assert {each.may_be_named for item in {p.item for p in queries.placements(made)} for each in item.contributors} == {False}
    assert history.number(made) > 0


def test_times_of_day_stay_where_the_clocks_change_between(undone: Flask):
    the_placement("P023").starts_at, the_placement("P023").ends_at = utc(2018, 6, 12, 7), utc(2018, 6, 12, 8)
    db.session.flush()
    winter = copy(Wanted("winter", NEXT.names, NEXT.long_names, date(2018, 12, 11)))
    found = next(each for each in queries.placements(winter) if each.code == "P023")
    assert (found.starts_at, found.ends_at) == (utc(2018, 12, 11, 8), utc(2018, 12, 11, 9))


def test_settings_questions_terms_deadlines_and_words_go_along(undone: Flask):
    congress = the_congress()
    congress.severities, congress.quiet_minutes, congress.max_people = {"travel": "hint"}, 30, 400
    first = Question(
        congress_id=congress.id, code="tour", step=Step.ROLE, kind=QuestionKind.CHOICE, labels=Localised(en="Tour?"), helps=Localised(),
        choices=[{"value": "a", "labels": {"en": "A"}}, {"value": "b", "labels": {"en": "B"}, "is_retired": True}],
    )  # fmt: skip
    then = Question(
        congress_id=congress.id, code="shoes", step=Step.ROLE, kind=QuestionKind.TEXT, labels=Localised(en="Shoes?"), helps=Localised(),
        shown_if=first, shown_if_value="a", closes_at=utc(2018, 6, 1),
    )  # fmt: skip
    old = Question(
        congress_id=congress.id, code="old", step=Step.ROLE, kind=QuestionKind.TEXT, labels=Localised(en="Old?"), helps=Localised(),
        is_retired=True,
    )  # fmt: skip
    db.session.add_all([first, then, old])
    db.session.merge(CategoryTerms(congress_id=congress.id, category=Category.PRESS, is_offered=False, max_people=20))
    db.session.add(Window(congress_id=congress.id, step=Step.TRAVEL, closes_at=utc(2018, 5, 20, 22)))
    db.session.add(
        MailText(congress_id=congress.id, template="registration_received", language="en", subject="S", body="B", changed_at=NOW)
    )
    db.session.flush()
    made = copy()
    questions = {each.code: each for each in db.session.scalars(select(Question).where(Question.congress_id == made.id))}
    terms = db.session.scalars(
        select(CategoryTerms).where(CategoryTerms.congress_id == made.id, CategoryTerms.max_people == 20)
    ).one()
    window = db.session.scalars(select(Window).where(Window.congress_id == made.id, Window.step == Step.TRAVEL)).all()[-1]
    words = db.session.scalars(select(MailText).where(MailText.congress_id == made.id)).one()
    assert (made.severities, made.quiet_minutes, made.max_people, made.ends_on) == (
        {"travel": "hint"},
        30,
        400,
        date(2019, 6, 14),
    )
    assert [each.id for each in made.hosts] == [each.id for each in the_congress().hosts]
    assert {"tour", "shoes"} <= questions.keys() and "old" not in questions
    assert ([each["value"] for each in questions["tour"].choices], questions["shoes"].shown_if) == (["a"], questions["tour"])
    assert questions["shoes"].closes_at == utc(2019, 5, 31)
    assert (terms.category, window.closes_at, words.body) == (Category.PRESS, utc(2019, 5, 19, 22), "B")


def test_nothing_personal_is_copied(undone: Flask):
    """No row but those of settings and of the draft; and in these no address, link, consent or person."""
    speaker = Speaker(congress_id=the_congress().id, name="Nomsa Speaker", email="nomsa@speaker.example", may_be_named=True)
    db.session.add(speaker)
    db.session.flush()
    item = the_item("P023")
    item.contributors.append(Contributor(name="Nomsa Speaker", speaker_id=speaker.id, may_be_named=True))
    item.join_url = "https://rooms.example/secret"
    registration = make_full_registration()
    secrets = [registration.delegate.person.email, registration.delegate.person.family_name, "nomsa@speaker", "rooms.example"]
    made = copy()
    found = {name: rows for name, rows in rows_of(made).items() if rows}
    assert found.keys() <= {
        "programme_items", "placements", "draft_changes", "opening_hours", "host_cities", "questions", "category_terms", "windows", "mail_texts",
    }  # fmt: skip
    copied = [each for item in {p.item for p in queries.placements(made)} for each in item.contributors]
    assert {(each.speaker_id, each.may_be_named) for each in copied} == {(None, False)}
    said = json.dumps(found, default=str, ensure_ascii=False)
    assert [secret for secret in secrets if secret in said] == []


@pytest.mark.parametrize(
    ("slug", "day", "field"),
    [
        ("krakowice2018", date(2019, 6, 11), "slug"),
        ("desk", date(2019, 6, 11), "slug"),
        ("Big Letters", date(2019, 6, 11), "slug"),
        ("x" * 41, date(2019, 6, 11), "slug"),
        ("next", date(2018, 6, 12), "starts_on"),
        ("next", date(2017, 6, 12), "starts_on"),
        ("next", date(9999, 6, 12), "starts_on"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(undone: Flask, slug: str, day: date, field: str):
    before = everything()
    with pytest.raises(CannotCopy) as refused:
        copying.copy_congress(the_congress(), Wanted(slug, NEXT.names, NEXT.long_names, day), by=BY, now=datetime.now(UTC))
    assert (refused.value.field, everything() == before) == (field, True)
