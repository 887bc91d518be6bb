"""Every address of the desk, derived from the URL map, asked by each role: nobody sees or does what is not theirs."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.accounts.rules import RoleKind
from tests.conftest import csrf_token, sign_in_as
from tests.factories import everything
from tests.web.test_wrong_links import address, asked, rules

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
PROGRAMME = {"home", "placements", "releases", "calendar", "places"}  # what readers of the programme see
ORGANISERS = {"placements", "releases", "places", "limits", "privacy"}  # where only organisers change anything


def answers(app: Flask, client: FlaskClient) -> dict[tuple[str, str, str], int]:
    """What each address of the congress's desk answers: by method, part and address."""
    token = csrf_token(client, "/krakowice2018/newsletter/")
    found = {}
    for rule in rules(app, "/desk/<congress>/"):
        for method, status, _text in asked(client, rule, address(app, rule, congress="krakowice2018"), token):
            found[method, rule.endpoint.split(".")[1], rule.rule] = status
    return found


@ON_SQLITE
def test_who_reads_the_programme_sees_nothing_of_people_and_changes_nothing(app: Flask):
    client = sign_in_as(app, RoleKind.PROGRAMME_READER)
    with app.app_context():
        before = everything()
    found = answers(app, client)
    own = "/desk/<congress>/calendar/"  # the reader's own secret address
    wrong = {
        what: status
        for what, status in found.items()
        if status != 403 and (what[0] == "POST" or what[1] not in PROGRAMME) and not what[2].startswith(own)
    }
    with app.app_context():
        after = everything()
    changed = {table for table in before if before[table] != after[table]}
    assert (wrong, len(found) > 80, changed - {"feed_tokens", "accounts"}) == ({}, True, set())


@ON_SQLITE
def test_the_registration_desk_neither_changes_the_programme_nor_sees_what_is_sensitive(app: Flask):
    found = answers(app, sign_in_as(app, RoleKind.REGISTRATION_DESK))
    refused = {what for what, status in found.items() if status == 403}
    wanted = {what for what in found if (what[0] == "POST" and what[1] in ORGANISERS) or what[1] == "privacy"}
    sensitive = ("POST", "registration", "/desk/<congress>/registrations/<int(max=2147483647):registration_id>/sensitive")
    assert refused == {*wanted, sensitive}
