"""``/<congress>/calendar/``: what conference applications and readers of changes find there."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

INDEX = "/krakowice2018/calendar/"
CHANGES = "/krakowice2018/changes.atom?lang={}"


@pytest.mark.parametrize(("language", "title"), [("en", "Changes of the programme"), ("pl", "Zmiany w\u00a0programie")])
def test_head_names_the_changes_in_the_language_of_the_page(client: FlaskClient, language: str, title: str):
    page = client.get(f"{INDEX}?lang={language}").text
    found = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="([^"]*)" href="([^"]*)">', page)
    assert found == [(title, CHANGES.format(language))]


@pytest.mark.parametrize("language", ["en", "pl"])
def test_foot_leads_to_the_programme_for_applications_in_the_language_of_the_page(client: FlaskClient, language: str):
    (foot,) = re.findall(r'<p class="feeds-apps">.*?</p>', client.get(f"{INDEX}?lang={language}").text)
    addresses = [html.unescape(each) for each in re.findall(r'href="([^"]*)"', foot)]
    assert {address: client.get(address).mimetype for address in addresses} == {
        f"/krakowice2018/schedule.json?lang={language}": "application/json",
        f"/krakowice2018/schedule.xml?lang={language}": "application/xml",
        CHANGES.format(language): "application/atom+xml",
    }
