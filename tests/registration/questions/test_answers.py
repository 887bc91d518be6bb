"""The organisers' questions in the form: drawn, checked, kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from congress.core import clock, vault
from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates.vocabulary import Category, Step
from congress.registration.models import Opening, Registration
from congress.registration.questions import answers, queries, uploads
from congress.registration.questions.models import Answer, Question, Upload
from congress.registration.vocabulary import QuestionKind as Kind
from congress.registration.vocabulary import Retention
from tests.factories import NOW, make_registration
from tests.registration.asking import PDF, PNG, answer, form_of, make_question, offered, sent
from tests.statements import statements


@pytest.fixture
def person(undone: Flask) -> Registration:
    return make_registration()


def kept(registration: Registration) -> dict[str, Any]:
    db.session.expire_all()
    return {code: row.value for code, row in queries.answers_of(registration).items()}


def test_without_questions_the_form_has_no_fields_and_saves_nothing(person: Registration):
    form = form_of(person)

    assert (list(form), form.validate(), form.has_files) == ([], True, False)
    answers.save(person, form, now=NOW)
    assert kept(person) == {}


@pytest.mark.parametrize(
    ("kind", "sent_value", "value", "text"),
    [
        (Kind.TEXT, "  Ana  de\u202e Łódź ", "Ana de Łódź", "Ana de Łódź"),
        (Kind.LONG_TEXT, "one\r\ntwo", "one\ntwo", "one\ntwo"),
        (Kind.NUMBER, "1 234,5", 1234.5, "1234.5"),
        (Kind.NUMBER, "0", 0, "0"),
        (Kind.CHOICE, "b", "b", "B"),
        (Kind.CHOICES, ["c", "a"], ["a", "c"], "A; C"),
        (Kind.YES_NO, "no", False, "No"),
        (Kind.DATE, "2018-06-12", "2018-06-12", "2018-06-12"),
        (Kind.TIME, "00:00", "00:00", "00:00"),
        (Kind.COUNTRY, "PL", "PL", "Poland"),
    ],
)
def test_each_kind_keeps_its_value_shows_it_again_and_writes_it(person: Registration, kind, sent_value, value, text):
    question = make_question(kind=kind, choices=offered("a", "b", "c"))

    answer(person, **{question.code: sent_value})

    assert kept(person) == {question.code: value}
    assert [each.text for each in answers.given(person, "en")] == [text]
    again = form_of(person)
    field = again[f"q_{question.code}"]
    data = field._value() if hasattr(field, "_value") else field.data
    filled = form_of(person, **{question.code: data})
    assert (filled.validate(), filled.given()) == (True, {question.code: value})


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        (Kind.TEXT, "x" * 501, "This is too long: 501 characters. Shorten it to at most 500."),
        (Kind.TEXT, "a\x00b", "There are invisible control characters in this text. Please type it again."),
        (Kind.NUMBER, "twelve", "This is not a number. Write it as 12 or 12.5."),
        (Kind.NUMBER, "nan", "This is not a number. Write it as 12 or 12.5."),
        (Kind.NUMBER, "1e400", "This is not a number. Write it as 12 or 12.5."),
        (Kind.NUMBER, "1_000", "This is not a number. Write it as 12 or 12.5."),
        (Kind.CHOICE, "z", "Choose one of the answers in the list."),
        (Kind.CHOICES, ["a", "z"], "Choose one of the answers in the list."),
        (Kind.YES_NO, "maybe", "Choose one of the answers in the list."),
        (Kind.DATE, "2018-02-30", "This day does not exist. Write it as 2018-06-12."),
        (Kind.TIME, "25:00", "This is no time of day. Write it as 09:30."),
        (Kind.COUNTRY, "XX", "Choose one of the answers in the list."),
        (Kind.FILE, "passport.pdf", "The file did not arrive. Choose it again."),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_a_sentence(person: Registration, kind, value, error):
    question = make_question(kind=kind, choices=offered("a", "b", "c"))

    form = form_of(person, **{question.code: value})

    assert (form.validate(), form.errors) == (False, {f"q_{question.code}": [error]})


@pytest.mark.parametrize(
    ("kind", "error"),
    [(Kind.TEXT, "Fill in this field."), (Kind.YES_NO, "Choose an answer."), (Kind.FILE, "Choose a file.")],
)
def test_a_required_question_must_be_answered(person: Registration, kind, error):
    question = make_question(kind=kind, is_required=True)

    form = form_of(person, **{question.code: ""} if kind is not Kind.FILE else {question.code: sent("", b"")})

    assert (form.validate(), form.errors) == (False, {f"q_{question.code}": [error]})


def test_an_emptied_answer_is_gone(person: Registration):
    question = make_question()
    answer(person, **{question.code: "something"})

    answer(person, **{question.code: " "})

    assert kept(person) == {}


def test_a_conditional_question_is_needed_and_kept_only_where_its_condition_holds(person: Registration):
    bus = make_question(kind=Kind.YES_NO)
    stop = make_question(is_required=True, shown_if=bus, shown_if_value="yes", kind=Kind.NUMBER)

    unanswered = form_of(person, **{bus.code: "yes", stop.code: ""})
    assert (unanswered.validate(), unanswered.errors) == (False, {f"q_{stop.code}": ["Fill in this field."]})
    answer(person, **{bus.code: "yes", stop.code: "7"})
    assert kept(person) == {bus.code: True, stop.code: 7}

    answer(person, **{bus.code: "no", stop.code: "not a number, but nobody asks"})
    assert kept(person) == {bus.code: False}


def test_an_answer_on_an_earlier_page_shows_a_question_and_takes_its_answer_away_again(person: Registration):
    role = make_question(step=Step.ROLE, kind=Kind.CHOICES, choices=offered("talk", "film"))
    title = make_question(shown_if=role, shown_if_value="film")
    assert list(form_of(person)) == []
    first = form_of(person, Step.ROLE, **{role.code: ["film", "talk"]})
    assert first.validate()
    answers.save(person, first, now=NOW)
    answer(person, **{title.code: "Crossroads"})
    assert kept(person) == {role.code: ["talk", "film"], title.code: "Crossroads"}

    second = form_of(person, Step.ROLE, **{role.code: ["talk"]})
    assert second.validate()
    answers.save(person, second, now=NOW)

    assert kept(person) == {role.code: ["talk"]}


def test_questions_are_asked_of_their_categories_of_either_role_of_a_person(undone: Flask):
    press, all_people = make_question(categories=["press"]), make_question()
    delegate, both = make_registration(), make_registration()
    both.delegate.also = ["press"]

    assert [each.name for each in form_of(delegate)] == [f"q_{all_people.code}"]
    assert [each.name for each in form_of(both)] == [f"q_{press.code}", f"q_{all_people.code}"]


def test_a_closed_question_is_shown_with_its_answer_and_cannot_be_changed(person: Registration):
    with time_machine.travel(NOW, tick=False):
        question = make_question(closes_at=NOW + timedelta(seconds=1))
        answer(person, **{question.code: "vegan"})
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        form = form_of(person, **{question.code: "meat"})
        assert form.validate()
        answers.save(person, form, now=clock.now())
        assert ([each.answer for each in form.drawn], form.open) == (["vegan"], [])
        assert kept(person) == {question.code: "vegan"}

        until = clock.now() + timedelta(hours=1)
        db.session.add(Opening(registration_id=person.id, step=None, until=until, opened_at=NOW, by="olga@krakowice.example"))
        db.session.flush()
        answer(person, **{question.code: "meat"})
    assert kept(person) == {question.code: "meat"}


def test_a_retired_choice_stays_with_those_who_had_it_and_is_offered_to_nobody_else(undone: Flask):
    question = make_question(kind=Kind.CHOICE, choices=offered("fish", "rice"))
    early, late = make_registration(), make_registration()
    answer(early, **{question.code: "fish"})
    question.choices = offered("fish", "rice", retired=("fish",))
    db.session.flush()

    answer(early, **{question.code: "fish"})
    assert kept(early) == {question.code: "fish"}
    assert [value for value, _label in form_of(late)[f"q_{question.code}"].choices] == ["rice", ""]
    refused = form_of(late, **{question.code: "fish"})
    assert (refused.validate(), refused.errors) == (False, {f"q_{question.code}": ["Choose one of the answers in the list."]})


def test_answers_to_a_retired_question_are_still_read(person: Registration):
    question = make_question(labels=Localised(en="Diet", pl="Dieta"), retention=Retention.NEEDS)
    answer(person, **{question.code: "kosher"})
    question.is_retired = True
    db.session.flush()

    assert list(form_of(person)) == []
    assert [(each.label, each.text, each.is_sensitive) for each in answers.given(person, "pl")] == [("Dieta", "kosher", True)]


def test_a_file_is_kept_replaced_and_deleted(context: Flask):
    person, question = make_registration(), make_question(kind=Kind.FILE)

    answer(person, **{question.code: sent("letter.pdf")})
    first = db.session.query(Upload).one()
    assert (kept(person), first.name, uploads.content(first)) == ({question.code: first.public_id}, "letter.pdf", PDF)
    answer(person, **{question.code: sent("", b"")})
    assert kept(person) == {question.code: first.public_id}

    answer(person, **{question.code: sent("photo.png", PNG)})
    db.session.commit()
    second = db.session.query(Upload).one()
    assert (kept(person), uploads.content(second)) == ({question.code: second.public_id}, PNG)
    assert stored_files() == [second.public_id]

    form = answers.form_for(person, Step.NEEDS, _removing(question.code), "en")
    assert form.validate()
    answers.save(person, form, now=NOW)
    db.session.commit()
    assert (kept(person), stored_files()) == ({}, [])


def _removing(code: str) -> Any:
    from werkzeug.datastructures import MultiDict  # noqa: PLC0415

    return MultiDict([(f"q-{code}-remove", "y")])


def stored_files() -> list[str]:
    return sorted(path.name for path in vault.files())


def test_what_is_missing_is_found_for_many_people_with_as_many_reads_as_for_one(undone: Flask):
    needed = make_question(is_required=True)
    make_question(is_required=True, categories=["press"])
    people = [make_registration() for _ in range(3)]
    answer(people[0], **{needed.code: "here"})

    for each in people:
        assert each.congress and each.delegate

    with statements() as of_one:
        answers.unanswered(people[:1])
    with statements() as of_three:
        found = answers.unanswered(people)

    assert found == {people[0].id: [], people[1].id: [needed], people[2].id: [needed]}
    assert len(of_one) == len(of_three) == 2


def test_one_answer_a_question_however_often_it_is_saved(person: Registration):
    question = make_question()
    for text in ("one", "two", "two"):
        answer(person, **{question.code: text})

    assert [row.value for row in db.session.query(Answer)] == ["two"]


def test_a_preview_shows_what_a_category_is_asked_in_the_language(undone: Flask):
    make_question(labels=Localised(en="Paper", pl="Gazeta"), categories=["press"])
    make_question(labels=Localised(en="Band", pl="Zespół"), categories=["speaker"])

    form = answers.preview(queries.questions(make_registration().congress), Step.NEEDS, Category.PRESS, None, "pl")

    assert [str(each.label.text) for each in form] == ["Gazeta"]


def test_who_fills_in_the_form_for_somebody_neither_sees_nor_changes_what_is_sensitive(person: Registration):
    diet, song = make_question(retention=Retention.NEEDS), make_question()
    answer(person, **{diet.code: "kosher", song.code: "Hejnał"})

    form = answers.form_for(person, Step.NEEDS, None, "en", is_person=False)
    assert [(each.name, each.data) for each in form] == [(f"q_{song.code}", "Hejnał")]
    answers.save(person, form, now=NOW)

    assert kept(person) == {diet.code: "kosher", song.code: "Hejnał"}


def test_an_answer_to_a_question_that_has_just_become_another_kind_is_not_kept(person: Registration):
    question = make_question()
    form = form_of(person, **{question.code: "twelve"})
    assert form.validate()
    db.session.expunge(question)
    db.session.execute(update(Question).where(Question.id == question.id).values(kind=Kind.NUMBER))

    with pytest.raises(answers.QuestionChanged):
        answers.save(person, form, now=NOW)
    assert kept(person) == {}
