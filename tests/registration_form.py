"""A person who fills in the registration form through the test client, page by page."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import csrf_token

PATH = "/krakowice2018/registration/"
START = {
    "category": "delegate", "city": "lodz", "given_name": "Zażółć", "family_name": "Gęślą-Jaźń", "email": "zazolc@lodz.example",
    "language": "pl",
}  # fmt: skip
PAGES: dict[str, dict[str, Any]] = {
    "role": {"organisation": "Muzeum", "function": "kustosz", "working_language": "fr"},
    "travel": {"days": ["2018-06-12", "2018-06-13"], "arrival_on": "2018-06-11", "departure_on": "2018-06-15", "night_2018-06-12": "krakow"},
    "needs": {"diets": ["vegan"], "allergies": "orzechy"},
    "sessions": {},
    "consents": {"consent_privacy": "y"},
}  # fmt: skip


def errors(answer: TestResponse) -> list[str]:
    """The sentences at the fields."""
    found = re.findall(r'class="field-error".*?Error:</span> (.*?)</span>', answer.text, re.DOTALL)
    return [html.unescape(sentence) for sentence in found]


def begin(client: FlaskClient, **changes: str) -> TestResponse:
    """Send the first page, each time a new one unless ``submission`` says otherwise."""
    token = csrf_token(client, PATH)
    return client.post(PATH, data={"csrf_token": token, "submission": str(uuid.uuid4()), **START, **changes})


def link_of(answer: TestResponse) -> str:
    """The personal link to which the first page leads."""
    return re.match(r"/my/registration/\w+/", answer.location)[0]  # type: ignore[index]


def save(client: FlaskClient, link: str, page: str, /, **answers: Any) -> TestResponse:
    """Fill in a page with exactly these answers."""
    return client.post(f"{link}form/{page}", data={"csrf_token": csrf_token(client, PATH), **answers})


def fill(client: FlaskClient, link: str, *, but: str = "") -> None:
    """Fill in every page with answers that are right, but this one."""
    for page, answers in PAGES.items():
        if page != but:
            assert save(client, link, page, **answers).status_code == 303, page


def send(client: FlaskClient, link: str) -> TestResponse:
    return save(client, link, "review")


def register(client: FlaskClient, **changes: str) -> TestResponse:
    """From the first page to the answer that says it has been received."""
    link = link_of(begin(client, **changes))
    fill(client, link)
    return send(client, link)
