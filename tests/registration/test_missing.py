"""What is still missing of a person."""

import pytest

from congress.registration.missing import Missing, Told, missing

ALL_TOLD = {
    "has_travel": True, "has_nights": True, "needs_letter": True, "has_passport": True, "has_needs": True,
    "has_sessions": True, "has_agreed": True,
}  # fmt: skip


def test_of_a_delegate_who_has_told_nothing_everything_is_missing_but_a_letter_that_nobody_asked_for():
    assert missing(Told("delegate")) == (
        Missing.TRAVEL, Missing.NIGHTS, Missing.NEEDS, Missing.SESSIONS, Missing.CONSENTS,
    )  # fmt: skip


def test_of_a_delegate_who_has_told_everything_nothing_is_missing():
    assert missing(Told("delegate", **ALL_TOLD)) == ()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"has_travel": False}, (Missing.TRAVEL,)),
        ({"has_nights": False}, (Missing.NIGHTS,)),
        ({"has_passport": False}, (Missing.LETTER,)),
        ({"has_passport": False, "needs_letter": False}, ()),
        ({"has_needs": False}, (Missing.NEEDS,)),
        ({"has_needs": False, "steps_done": ["needs"]}, ()),
        ({"has_sessions": False}, (Missing.SESSIONS,)),
        ({"has_sessions": False, "steps_done": ["sessions"]}, ()),
        ({"has_agreed": False, "steps_done": ["consents"]}, (Missing.CONSENTS,)),
    ],
)
def test_each_thing_is_missing_on_its_own(told: dict[str, object], expected: tuple[Missing, ...]):
    assert missing(Told("delegate", **{**ALL_TOLD, **told})) == expected


def test_of_a_mayor_nothing_is_asked_but_what_a_letter_needs():
    assert missing(Told("mayor")) == ()
    assert missing(Told("mayor", needs_letter=True)) == (Missing.LETTER,)


@pytest.mark.parametrize("category", ["companion", "press"])
def test_who_has_no_sessions_need_not_choose_any(category: str):
    assert missing(Told(category, **{**ALL_TOLD, "has_sessions": False})) == ()
