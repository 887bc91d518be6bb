"""People pasted from a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.forms import valid_address
from congress.registration.delegations import pasting
from congress.registration.delegations.pasting import MOST_ROWS, Row, Unreadable, Words, Wrong

WORDS = {
    "category": Words({"delegate": "delegate", "mayor": "mayor", "prezydent miasta": "mayor"}, "delegate"),
    "part": Words({"head of the delegation": "head", "member": "member"}, "member"),
    "language": Words({"en": "en", "polski": "pl"}, "en"),
}
PLAIN = {"function": "", "organisation": "", "category": "delegate", "part": "member", "language": "en", "title": ""}
ANNA = {**PLAIN, "given_name": "Anna", "family_name": "Przykładowa", "email": "anna@lodz.example"}


def read(text: str) -> list[Row]:
    return pasting.read(text, WORDS, valid_address)


@pytest.mark.parametrize(
    "text",
    [
        "Anna\tPrzykładowa\tanna@lodz.example",
        "Anna;Przykładowa;anna@lodz.example\r\n",
        "Anna,Przykładowa,anna@lodz.example\n\n",
        '"Anna","Przykładowa","anna@lodz.example"',
        "\ufeffAnna\tPrzykładowa\tANNA@LODZ.EXAMPLE".replace("ANNA@LODZ", "anna@LODZ"),
        "  Anna \t Przykładowa\u200f \tanna@lodz.example\t\t\t\t\t\t",
    ],
)
def test_a_row_is_read_whatever_separates_its_cells(text: str):
    assert [row.values for row in read(text)] == [ANNA]


def test_a_heading_puts_columns_in_any_order_and_leaves_out_what_nobody_knows():
    text = "Nazwisko\tE-mail\tShoe size\tImię\tKategoria\tPart in the delegation\tJęzyk\nPrzykładowa\tanna@lodz.example\t38\tAnna\tPrezydent miasta\thead of the delegation\tPolski"

    assert [(row.line, row.values) for row in read(text)] == [
        (2, {**ANNA, "category": "mayor", "part": "head", "language": "pl"})
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("\tPrzykładowa\ta@b.example", {"given_name": Wrong.NEEDED}),
        ("Anna\t\ta@b.example", {"family_name": Wrong.NEEDED}),
        ("Anna\tPrzykładowa", {"email": Wrong.NEEDED}),
        ("Anna\tPrzykładowa\tanna at lodz", {"email": Wrong.NO_ADDRESS}),
        (f"Anna\tPrzykładowa\t{'a' * 290}@b.example", {"email": Wrong.TOO_LONG}),
        (f"{'a' * 101}\tPrzykładowa\ta@b.example", {"given_name": Wrong.TOO_LONG}),
        ("An\x07na\tPrzykładowa\ta@b.example", {"given_name": Wrong.UNPRINTABLE}),
        ("Anna\tPrzykładowa\ta@b.example\t\t\tking", {"category": Wrong.UNKNOWN_WORD}),
        ("Anna\tPrzykładowa\ta@b.example\t\t\t\tboss\tklingon", {"part": Wrong.UNKNOWN_WORD, "language": Wrong.UNKNOWN_WORD}),
    ],
)
def test_each_cell_that_cannot_be_used_is_named_with_its_reason(text: str, wrong: dict[str, Wrong]):
    assert [row.wrong for row in read(text)] == [wrong]


def test_a_newline_within_a_cell_becomes_a_space_and_lines_are_counted_as_the_reader_sees_them():
    rows = read('"Anna\nMaria"\tPrzykładowa\ta@b.example\nJan\tTestowy\tj@b.example')

    assert [(row.line, row.name) for row in rows] == [(1, "Anna Maria Przykładowa"), (3, "Jan Testowy")]


def test_a_formula_is_text_like_any_other():
    assert read('=HYPERLINK("http://x")\tTestowa\ta@b.example')[0].values["given_name"] == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \n\t\t\n", "empty"),
        ("Given name\tFamily name\tE-mail", "empty"),
        ('Anna\tPrzykładowa\t"anna@lodz.example', "cut_off"),
        ("A\tB\ta@b.example\n" * (MOST_ROWS + 1), "too_many"),
        ("a" * 60_001, "too_long"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(text: str, why: str):
    with pytest.raises(Unreadable) as refused:
        read(text)

    assert refused.value.why == why


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_whatever_is_pasted_is_read_or_refused_and_never_holds_control_characters(text: str):
    try:
        rows = read(text)
    except Unreadable:
        return
    assert not any(sign in value for row in rows for value in row.values.values() for sign in "\t\r\n\x00")
