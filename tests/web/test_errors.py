"""Pages for what goes wrong say whose turn it is."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from congress.web.errors import error_page

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
pytestmark = [ON_SQLITE]
SAID = {
    "en": {
        422: "What you sent could not be read",
        416: "What you sent could not be read",
        500: "Something went wrong on our side",
    },
    "pl": {422: "Nie udało się odczytać przesłanych danych", 500: "Wystąpił błąd po naszej stronie"},
}


@pytest.mark.parametrize("language", SAID)
def test_what_is_refused_without_a_page_of_its_own_is_not_called_our_fault(app: Flask, language: str):
    with app.test_request_context("/", headers={"Accept-Language": language}):
        found = {status: error_page(status) for status in SAID[language]}
        titles = {
            status: " ".join(re.findall(r"<h1>(.*?)</h1>", page.get_data(as_text=True))[0].split())
            for status, page in found.items()
        }

    assert ({status: page.status_code for status, page in found.items()}, titles) == (
        {each: each for each in found},
        SAID[language],
    )
