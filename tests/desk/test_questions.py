"""``/desk/<congress>/questions/``: writing questions, and reading what people answered."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from congress import demo
from congress.accounts.rules import RoleKind
from congress.core.db import db
from congress.delegates.vocabulary import Step
from congress.registration.models import SensitiveLook
from congress.registration.questions import queries
from congress.registration.questions.models import Question
from congress.registration.vocabulary import QuestionKind as Kind
from congress.registration.vocabulary import Retention
from tests.conftest import csrf_token, sign_in_as
from tests.factories import make_registration, the_congress
from tests.registration.asking import answer, make_question, offered
from tests.statements import statements

PAGE = "/desk/krakowice2018/questions/"
NEW: dict[str, object] = {
    "label_en": "Will you sing?",
    "label_pl": "Czy będą Państwo śpiewać?",
    "step": "needs",
    "kind": "choice",
    "choices-0-en": "Yes, alto",
    "choices-0-pl": "Tak, alt",
    "choices-1-en": "No",
    "closes_on": "2018-06-01",
    "categories": ["delegate", "mayor"],
    "retention": "kept",
    "is_required": "y",
}


def post(client: FlaskClient, path: str, **values: object) -> TestResponse:
    return client.post(PAGE + path, data={"csrf_token": csrf_token(client, "/desk/"), **values})


def question(app: Flask, **changes: object) -> int:
    with app.app_context():
        made = make_question(**changes)
        db.session.commit()
        return made.id


def stored(app: Flask, code: str) -> Question:
    with app.app_context():
        found = db.session.scalars(select(Question).where(Question.code == code)).one()
        db.session.expunge(found)
        return found


def errors(answered: TestResponse) -> list[str]:
    found = re.findall(r'class="error-summary".*?</ul>', answered.text, re.DOTALL)
    return [html.unescape(re.sub("<.*?>", "", each)) for each in re.findall(r"<li>(.*?)</li>", found[0])] if found else []


def test_a_question_is_added_as_it_was_written(app: Flask, organiser: FlaskClient):
    assert post(organiser, "new", **NEW).status_code == 303

    found = stored(app, "will_you_sing")
    assert (found.step, found.kind, dict(found.labels), found.is_required, found.categories, found.retention) == (
        Step.NEEDS, Kind.CHOICE, {"en": "Will you sing?", "pl": "Czy będą Państwo śpiewać?"}, True, ["delegate", "mayor"],
        Retention.KEPT,
    )  # fmt: skip
    assert found.choices == [
        {"value": "yes-alto", "labels": {"en": "Yes, alto", "pl": "Tak, alt"}, "is_retired": False},
        {"value": "no", "labels": {"en": "No"}, "is_retired": False},
    ]
    assert found.closes_at.isoformat() == "2018-06-01T22:00:00+00:00"  # the end of the day in Kraków


WRONG: list[tuple[dict[str, object], str]] = [
    ({"label_pl": ""}, "Write the question in Polish."),
    ({"label_en": "x" * 301}, "Question in English: This is too long: 301 characters. Shorten it to at most 300."),
    ({"kind": "song"}, "Choose one of the answers in the list."),
    ({"step": "review"}, "Choose one of the answers in the list."),
    ({"categories": ["alien"]}, "Choose one of the answers in the list."),
    ({"shown_if": "999999:yes"}, "Choose one of the answers in the list."),
    ({"closes_on": "2018-02-30"}, "This day does not exist. Write it as 2018-06-12."),
    ({"code": "Ünd so"}, "Write a short name of small letters without accents, digits and _, beginning with a letter."),
    ({"code": "taken"}, "Another question has this short name. Write another one."),
    ({"choices-1-en": ""}, "Write at least two choices that are offered."),
    ({"choices-1-en": "", "choices-1-pl": "Nie"}, "Write each choice in English; Polish may be left out."),
]


def test_a_question_that_makes_no_sense_is_refused_and_nothing_is_lost(app: Flask, organiser: FlaskClient):
    question(app, code="taken")
    token = csrf_token(organiser, f"{PAGE}new")
    # One sign-in for all of them, since each takes longer than what is tried.
    answered = [organiser.post(f"{PAGE}new", data={"csrf_token": token, **NEW, **changes}) for changes, _sentence in WRONG]

    assert [(each.status_code, errors(each)) for each in answered] == [(422, [sentence]) for _changes, sentence in WRONG]
    assert [each for each in answered if 'value="Yes, alto"' not in each.text] == []
    with app.app_context():
        assert [each.code for each in queries.questions(the_congress())] == ["taken"]


def test_more_lines_for_choices_keep_what_was_typed(organiser: FlaskClient):
    answered = post(organiser, "new", **NEW, more="1")

    assert answered.status_code == 200
    assert re.findall(r'name="(choices-\d+-en)"', answered.text) == [f"choices-{number}-en" for number in range(6)]
    assert 'value="Will you sing?"' in answered.text


def test_once_answered_code_kind_and_choices_stay(app: Flask, organiser: FlaskClient):
    number = question(app, code="fish", kind=Kind.CHOICE, choices=offered("cod", "eel"))
    with app.app_context():
        answer(make_registration(), fish="cod")
        db.session.commit()
    edit = {**NEW, "version": "1", "choices-0-value": "cod", "choices-1-value": "eel", "choices-1-en": "Eel"}

    assert errors(post(organiser, f"{number}/edit", **{**edit, "kind": "text"})) == [
        "Somebody has answered this question already, so its kind stays. Retire it and add another one."
    ]
    assert errors(
        post(organiser, f"{number}/edit", **{**edit, "choices-0-en": "", "choices-0-pl": "", "choices-2-en": "Ray"})
    ) == ["Somebody may have chosen what you took away. Write its words again and tick “no longer offered”."]
    kept = {**edit, "code": "salmon", "choices-0-en": "Cod, smoked", "choices-0-is_retired": "y", "choices-2-en": "Eel"}
    assert post(organiser, f"{number}/edit", **kept).status_code == 303
    found = stored(app, "fish")
    assert [(each["value"], each["labels"]["en"], each["is_retired"]) for each in found.choices] == [
        ("cod", "Cod, smoked", True),
        ("eel", "Eel", False),
        ("eel-2", "Eel", False),
    ]


def test_of_two_organisers_the_second_is_told_and_loses_nothing(app: Flask, organiser: FlaskClient):
    number = question(app, code="one", kind=Kind.TEXT)
    first = {**NEW, "kind": "text", "code": "one", "label_en": "First", "version": "1"}
    assert post(organiser, f"{number}/edit", **first).status_code == 303

    second = post(organiser, f"{number}/edit", **{**first, "label_en": "Second"})

    assert (second.status_code, "Somebody else has changed this" in second.text) == (409, True)
    assert ('value="Second"' in second.text, "<dd>First</dd>" in second.text) == (True, True)
    assert stored(app, "one").labels["en"] == "First"
    assert post(organiser, f"{number}/edit", **{**first, "label_en": "Second", "version": "2"}).status_code == 303


def test_questions_are_moved_within_their_page_without_disturbing_who_edits_them(app: Flask, organiser: FlaskClient):
    numbers = [question(app, code=code, position=1) for code in ("a", "b", "c")]
    other = question(app, code="role", step=Step.ROLE)

    assert post(organiser, f"{numbers[2]}/move", direction="up").status_code == 303
    post(organiser, f"{numbers[0]}/move", direction="up")
    post(organiser, f"{other}/move", direction="down")

    with app.app_context():
        assert [(each.code, each.version) for each in queries.questions(the_congress())] == [
            ("role", 1), ("a", 1), ("c", 1), ("b", 1),
        ]  # fmt: skip
    assert post(organiser, f"{numbers[0]}/move", direction="sideways").status_code == 400


def test_who_has_answers_is_retired_and_asked_again_who_has_none_is_deleted(app: Flask, organiser: FlaskClient):
    kept, gone = question(app, code="kept"), question(app, code="gone")
    with app.app_context():
        answer(make_registration(), kept="here")
        db.session.commit()

    post(organiser, f"{kept}/delete")
    post(organiser, f"{gone}/delete")
    post(organiser, f"{kept}/retire")

    assert stored(app, "kept").is_retired
    with app.app_context():
        assert [each.code for each in queries.questions(the_congress(), with_retired=True)] == ["kept"]
    post(organiser, f"{kept}/restore")
    assert not stored(app, "kept").is_retired


def test_conditions_go_neither_in_circles_nor_back_and_hold_what_they_need(app: Flask, organiser: FlaskClient):
    bus = question(app, code="bus", kind=Kind.YES_NO, step=Step.TRAVEL)
    values = {**NEW, "kind": "yes_no", "step": "travel", "shown_if": f"{bus}:yes", "label_en": "Stop"}
    assert post(organiser, "new", **values).status_code == 303
    stop = stored(app, "stop")
    assert (stop.shown_if_id, stop.shown_if_value) == (bus, "yes")

    edit = {**values, "label_en": "Bus", "version": "1", "shown_if": f"{stop.id}:no"}
    assert errors(post(organiser, f"{bus}/edit", **edit)) == [
        "These questions would wait for each other’s answers. Choose another condition."
    ]
    assert errors(post(organiser, f"{bus}/edit", **{**edit, "shown_if": "", "step": "needs"})) == [
        "A question must come on the same page as the one that shows it, or on a later one."
    ]
    assert errors(post(organiser, f"{bus}/edit", **{**edit, "shown_if": "", "kind": "choice"})) == [
        "Another question is shown by an answer that would no longer be offered. Change that question first."
    ]
    for action in ("retire", "delete"):
        post(organiser, f"{bus}/{action}")
    assert not stored(app, "bus").is_retired


def test_answers_are_counted_by_choice_and_ended_registrations_left_out(app: Flask, organiser: FlaskClient):
    number = question(app, code="fish", kind=Kind.CHOICES, choices=offered("cod", "eel", "ray"))
    with app.app_context():
        for chosen in (["cod"], ["cod", "eel"], ["eel"]):
            person = make_registration()
            answer(person, fish=chosen)
        person.state, person.holds_place = "cancelled", False
        db.session.commit()

    text = organiser.get(f"{PAGE}{number}/").text

    rows = re.findall(r'<th scope="row">(\w+)</th><td class="is-number">(\d+)</td>.*?</meter> (\d+)%', text)
    assert rows == [("Cod", "2", "100"), ("Eel", "1", "50"), ("Ray", "0", "0")]
    assert "2 people have answered." in text


def test_sensitive_answers_are_shown_at_the_press_of_a_button_that_is_written_down(app: Flask, organiser: FlaskClient):
    number = question(app, code="diet", retention=Retention.NEEDS)
    with app.app_context():
        answer(make_registration(), diet="kosher <b>")
        db.session.commit()
    path = f"{PAGE}{number}/"

    assert "kosher" not in organiser.get(path).text
    shown = organiser.post(path, data={"csrf_token": csrf_token(organiser, path)})
    assert "<dd>kosher &lt;b&gt;</dd>" in shown.text

    clerk = sign_in_as(app, RoleKind.REGISTRATION_DESK)
    assert "Your role does not show what is sensitive." in clerk.get(path).text
    assert clerk.post(path, data={"csrf_token": csrf_token(clerk, "/desk/")}).status_code == 403
    with app.app_context():
        assert [(each.account, each.what) for each in db.session.scalars(select(SensitiveLook))] == [
            (demo.ORGANISER, "question diet")
        ]


def test_readers_of_the_programme_see_no_questions(app: Flask):
    reader, number = sign_in_as(app, RoleKind.PROGRAMME_READER), question(app)

    assert [reader.get(PAGE + path).status_code for path in ("", "new", f"{number}/", f"{number}/edit", "preview")] == [403] * 5
    assert post(reader, f"{number}/retire").status_code == 403


@pytest.mark.parametrize("path", ["0/", "999999/edit", "2147483648/"])
def test_what_is_not_there_is_not_found(organiser: FlaskClient, path):
    assert organiser.get(PAGE + path).status_code == 404


def test_a_question_of_another_congress_is_not_found(app: Flask, organiser: FlaskClient):
    number = question(app)

    assert organiser.get(f"/desk/elsewhere2019/questions/{number}/").status_code == 404


def test_the_preview_asks_what_the_category_is_asked_in_both_languages(app: Flask, organiser: FlaskClient):
    question(app, code="card", labels={"en": "Press card", "pl": "Legitymacja"}, categories=["press"], kind=Kind.FILE)

    assert "Press card" in organiser.get(f"{PAGE}preview?category=press").text
    assert "Legitymacja" in organiser.get(f"{PAGE}preview?category=press&lang=pl").text
    assert "Legitymacja" not in organiser.get(f"{PAGE}preview?category=mayor").text


def test_the_list_asks_the_database_as_often_for_three_questions_as_for_one(app: Flask, organiser: FlaskClient):
    def asked() -> int:
        organiser.get(PAGE)
        with app.app_context(), statements() as seen:
            assert organiser.get(PAGE).status_code == 200
        return len(seen)

    above = question(app, kind=Kind.YES_NO)
    one = asked()
    question(app, shown_if_id=above, shown_if_value="yes")
    question(app, shown_if_id=above, shown_if_value="no", is_retired=True)

    assert asked() == one
