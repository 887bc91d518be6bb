"""Statements that are asked all the time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.exc import DBAPIError, ProgrammingError

from congress.congresses.models import Congress
from congress.core.db import Question, db
from tests.factories import the_congress

OF_SLUG = Question(
    select(
        Congress.id, Congress.slug, Congress.names, Congress.starts_on, Congress.changed_at, Congress.registration_closes_at
    ).where(Congress.slug == bindparam("slug"), Congress.starts_on.is_not(None))
)
ECHO = Question(select(bindparam("said", type_=Congress.slug.type), func.length(bindparam("said", type_=Congress.slug.type))))
BROKEN = Question(select(literal_column("nothing_like_it")).where(Congress.slug == bindparam("slug")))


def test_a_row_means_what_the_models_say(undone: Flask):
    congress = the_congress()
    (row,) = OF_SLUG.rows(db.engine, slug="krakowice2018")
    assert OF_SLUG.meaning(db.engine, row) == [
        congress.id,
        "krakowice2018",
        congress.names,
        congress.starts_on,
        congress.changed_at,
        congress.registration_closes_at,
    ]


def test_what_is_not_there_has_no_rows(undone: Flask):
    assert OF_SLUG.rows(db.engine, slug="other") == ()


def test_the_same_question_again_has_equal_rows_and_other_values_their_own(undone: Flask):
    first = OF_SLUG.rows(db.engine, slug="krakowice2018")
    assert (OF_SLUG.rows(db.engine, slug="other"), OF_SLUG.rows(db.engine, slug="krakowice2018")) == ((), first)


@pytest.mark.parametrize(
    "said", ["", "'", '"', "%", "%s", "%(said)s", ":said", "?", "; DROP TABLE congresses", "\\", "ł ż 😀", "x" * 5000]
)
def test_values_are_values_whatever_they_hold(undone: Flask, said: str):
    assert [tuple(row) for row in ECHO.rows(db.engine, said=said)] == [(said, len(said))]


def test_a_question_sees_what_others_have_committed_and_nothing_before(context: Flask):
    before = OF_SLUG.rows(db.engine, slug="krakowice2018")
    the_congress().names = {"en": "Renamed"}
    db.session.flush()
    assert OF_SLUG.rows(db.engine, slug="krakowice2018") == before
    db.session.commit()
    (after,) = OF_SLUG.rows(db.engine, slug="krakowice2018")
    assert OF_SLUG.meaning(db.engine, after)[2] == {"en": "Renamed"}


def test_an_error_of_the_driver_is_one_of_the_database_without_the_values(undone: Flask):
    with pytest.raises(DBAPIError) as problem:
        BROKEN.rows(db.engine, slug="a-secret")
    assert ("nothing_like_it" in str(problem.value), "a-secret" in str(problem.value)) == (True, False)
    assert isinstance(problem.value, ProgrammingError) == (db.engine.name == "postgresql")


def test_after_an_error_and_after_an_answer_the_connection_is_given_back(undone: Flask):
    db.session.rollback()
    before = db.engine.pool.checkedout()
    for _time in range(50):  # more than the pool may open
        with pytest.raises(DBAPIError):
            BROKEN.rows(db.engine, slug="x")
        OF_SLUG.rows(db.engine, slug="krakowice2018")
    assert db.engine.pool.checkedout() == before


def test_threads_that_ask_a_new_question_at_once_have_the_same_rows(undone: Flask):
    question, engine = Question(OF_SLUG.statement), db.engine

    def ask(number: int) -> tuple[int, list[object]]:
        rows = question.rows(engine, slug="krakowice2018" if number % 2 else "other")
        return number % 2, [question.meaning(engine, row)[1] for row in rows]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(80)))
    assert found == [(number % 2, ["krakowice2018"] * (number % 2)) for number in range(80)]
