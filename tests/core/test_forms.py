"""Fields that clean what people type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from config import TestConfig
from congress import create_app
from congress.core.forms import BaseForm, LineField, MailField, Needed, TextField, valid_address


class Card(BaseForm):
    name = LineField("Name", [Needed("Write your name.")], most=10)
    mail = MailField("Mail")
    note = TextField("Note", most=20)


@pytest.fixture(scope="module", autouse=True)
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A request in English: sentences need a language, forms need no database."""
    app = create_app(TestConfig.make("sqlite://", tmp_path_factory.mktemp("forms")))
    with app.test_request_context("/"):
        yield


def filled(**values: str) -> tuple[bool, dict[str, Any], dict[str, list[str]]]:
    """Whether the form is valid, what stands in its fields, and what is said about them."""
    form = Card(MultiDict({"name": "Anna", **values}))
    valid = form.validate()
    return valid, form.data, {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def data(**values: str | None) -> dict[str, str | None]:
    return {"name": "Anna", "mail": None, "note": None, **values}


def test_a_line_is_cleaned():
    assert filled(name=" An\u202ena \n M. ") == (True, data(name="Anna M."), {})


def test_a_line_that_is_too_long_stays_in_the_field():
    sentence = "This is too long: 11 characters. Shorten it to at most 10."
    assert filled(name="a" * 11) == (False, data(name="a" * 11), {"name": [sentence]})


def test_a_line_of_just_the_length_is_taken():
    assert filled(name="ą" * 10) == (True, data(name="ą" * 10), {})


def test_a_line_with_control_characters_stays_in_the_field_without_them():
    sentence = "There are invisible control characters in this text. Please type it again."
    assert filled(name="An\x00na\x1b") == (False, data(name="Anna"), {"name": [sentence]})


def test_a_line_of_control_characters_only_is_told_once():
    sentence = "There are invisible control characters in this text. Please type it again."
    assert filled(name="\x00") == (False, data(name=""), {"name": [sentence]})


@pytest.mark.parametrize("typed", ["", "   ", "\u200e"])
def test_a_needed_line_says_what_is_needed(typed):
    assert filled(name=typed) == (False, data(name=""), {"name": ["Write your name."]})


def test_a_text_keeps_its_lines():
    assert filled(note="one\r\n two\r\n") == (True, data(note="one\n two"), {})


def test_a_text_that_is_too_long_stays_in_the_field():
    sentence = "This is too long: 21 characters. Shorten it to at most 20."
    assert filled(note="n" * 21) == (False, data(note="n" * 21), {"note": [sentence]})


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" anna@krakow.example ", "anna@krakow.example"),
        ("Anna.Nowak@KRAKOW.Example", "Anna.Nowak@krakow.example"),
        ("józef@łódź.example", "józef@łódź.example"),
        ("info@xn--d-uga0v4h.example", "info@łódź.example"),
        ("用户@例子.example", "用户@例子.example"),
        ("", ""),
    ],
)
def test_an_address_is_taken_in_its_normal_form(typed, address):
    assert filled(mail=typed) == (True, data(mail=address), {})


@pytest.mark.parametrize(
    "typed", ["a@x.example, b@x.example", "a@x.example;b@x.example", "a@x.example b@x.example", "Anna <a@x.example>", "a@b@c"]
)
def test_more_than_one_address_is_refused(typed):
    assert filled(mail=typed) == (
        False, data(mail=typed), {"mail": ["Write one e-mail address only, such as name@city.example."]}
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["anna", "anna@", "@krakow.example", "anna@krakow", "anna@-krakow.example", "a..b@krakow.example"]
)
def test_what_is_no_address_is_refused(typed):
    assert filled(mail=typed) == (
        False, data(mail=typed), {"mail": ["This is not an e-mail address. Write it as name@city.example."]}
    )  # fmt: skip


def test_an_address_of_300_characters_is_refused_by_its_length():
    typed = "a" * 288 + "@city.example"[:12]
    sentence = "This is too long: 300 characters. Shorten it to at most 254."
    assert filled(mail=typed) == (False, data(mail=typed), {"mail": [sentence]})


def test_no_address_in_its_normal_form_is_none():
    assert [valid_address(text) for text in ("a@b", "", "a@krakow.example\n")] == [None, None, None]


def test_a_refusal_of_a_service_stands_on_its_field_beside_the_others():
    form = Card(MultiDict({"name": ""}))
    form.validate()
    form.add_error("name", "Somebody else has this name.")
    assert form.errors == {"name": ["Write your name.", "Somebody else has this name."]}
