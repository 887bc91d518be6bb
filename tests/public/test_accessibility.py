"""The accessibility statement: what the Polish declaration must hold, of whichever congresses there are, and a link to it everywhere."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.congresses.models import Congress, HostCity
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from tests.conftest import csrf_token
from tests.factories import the_city, the_congress
from tests.statements import statements

# Programs of the ministry look for these (technical conditions of the declaration, version 2.0).
IDS = {
    "wstep", "podmiot", "url", "data-publikacja", "data-aktualizacja", "status", "data-sporzadzenie", "data-przeglad", "ocena", "kontakt",
    "osoba", "email", "procedura", "architektura", "aplikacje",
}  # fmt: skip
_COPIED = (
    "network_id", "kind", "names", "long_names", "themes", "descriptions", "starts_on", "ends_on", "timezone", "languages", "max_people",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_statement_has_each_part_once_and_says_when_and_whom_to_ask(client: FlaskClient, language: str):
    page = client.get(f"/accessibility/?lang={language}").text
    assert sorted(re.findall(r'id="a11y-([a-z-]+)"', page)) == sorted(IDS)
    assert re.findall(r'<time id="a11y-([a-z-]+)" datetime="([0-9-]+)"', page) == [
        ("data-publikacja", "2018-05-02"),
        ("data-aktualizacja", "2018-05-02"),
        ("data-sporzadzenie", "2026-11-22"),
        ("data-przeglad", "2026-11-22"),
    ]
    assert 'id="a11y-email" href="mailto:' in page
    assert 'href="https://www.rpo.gov.pl"' in page


def test_the_statement_asks_as_much_of_the_database_for_one_congress_as_for_three(app: Flask, client: FlaskClient):
    with app.app_context():
        with statements() as one:
            client.get("/accessibility/")
        begin_writing()
        columns = {name: getattr(the_congress(), name) for name in _COPIED}
        for slug in ("second2019", "third2020"):
            other = Congress(slug=slug, **columns)
            other.host_places.append(HostCity(city=the_city("krakow")))
            db.session.add(other)
        db.session.commit()
        with statements() as three:
            page = client.get("/accessibility/").text
    assert (len(three), page.count("<h3")) == (len(one), 6)


@pytest.mark.parametrize("path", ["/", "/krakowice2018/", "/desk/sign-in", "/no/such/page"])
def test_every_kind_of_page_leads_to_the_statement(client: FlaskClient, path: str):
    assert client.get(path).text.count('href="/accessibility/"') == 1


def test_a_form_that_was_sent_is_answered_with_the_link_too(client: FlaskClient):
    path = "/krakowice2018/newsletter/"
    assert client.post(path, data={"csrf_token": csrf_token(client, path)}).text.count('href="/accessibility/"') == 1


@pytest.mark.parametrize(("language", "tag"), [("pl", '<p class="lead measure">'), ("en", '<p class="lead measure" lang="pl">')])
def test_a_text_that_lacks_in_the_readers_language_says_in_which_it_stands(
    app: Flask, client: FlaskClient, language: str, tag: str
):
    with app.app_context():
        begin_writing()
        the_congress().descriptions = Localised(pl="Dwa miasta, jeden kongres.")
        db.session.commit()
    assert f"{tag}Dwa miasta, jeden kongres.</p>" in client.get(f"/krakowice2018/?lang={language}").text
