"""Which questions are asked of whom, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from congress.registration.questions import rules
from congress.registration.questions.rules import Rule
from tests.factories import NOW


@pytest.mark.parametrize(
    ("asked_of", "person", "expected"),
    [
        ((), {"press"}, True),
        (("press",), {"press"}, True),
        (("press",), {"mayor"}, False),
        (("press",), {"mayor", "press"}, True),
    ],
)
def test_a_question_is_for_its_categories(asked_of, person, expected):
    assert rules.is_for(Rule("a", categories=frozenset(asked_of)), person) is expected
    assert rules.is_for(Rule("a", categories=frozenset(asked_of), is_retired=True), person) is False


@pytest.mark.parametrize(
    ("closes", "opened", "expected"),
    [(None, None, False), (1, None, False), (0, None, True), (-1, None, True), (-1, 1, False), (-1, 0, True)],
)
def test_a_question_closes_at_its_moment_but_for_whom_it_was_opened(closes, opened, expected):
    def at(hours: int | None):
        return None if hours is None else NOW + timedelta(hours=hours)

    assert rules.is_closed(Rule("a", closes_at=at(closes)), NOW, at(opened)) is expected


@pytest.mark.parametrize(
    ("answer", "wanted", "expected"),
    [
        (True, "yes", True), (True, "no", False), (False, "no", True), (None, "no", False),
        ("fish", "fish", True), ("fish", "fis", False), (["fish", "rice"], "rice", True), (["fish"], "rice", False), ([], "", False),
        (None, "", False),
    ],
)  # fmt: skip
def test_an_answer_fits_a_condition(answer, wanted, expected):
    assert rules.fits(answer, wanted) is expected


def test_what_is_not_shown_shows_nothing():
    known = {
        each.code: each
        for each in (Rule("a"), Rule("b", shown_if="a", shown_if_value="yes"), Rule("c", shown_if="b", shown_if_value="x"))
    }

    assert rules.is_shown(known["c"], known, {"a": True, "b": "x"})
    assert not rules.is_shown(known["c"], known, {"a": False, "b": "x"})
    assert not rules.is_shown(Rule("d", shown_if="gone", shown_if_value="x"), known, {"gone": "x"})


def test_circles_are_found_and_end_no_search():
    known = {each.code: each for each in (Rule("a", shown_if="b"), Rule("b", shown_if="a"), Rule("c", shown_if="a"))}

    assert sorted(rules.circle(known.values())) == ["a", "b"]
    assert rules.circle([Rule("a"), Rule("b", shown_if="a")]) == []
    assert rules.circle([Rule("a", shown_if="a")]) == ["a"]
    assert not rules.is_shown(known["a"], known, {})


def test_a_question_before_the_one_that_shows_it_is_found():
    rule = [Rule("a", step=2), Rule("b", step=1, shown_if="a"), Rule("c", step=2, shown_if="a"), Rule("d", step=3, shown_if="a")]

    assert rules.asked_too_early(rule) == [("b", "a")]
