"""A congress that is not shown to everybody: its public pages for those who work on it, and for nobody else."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from congress.accounts.rules import RoleKind
from congress.congresses.beginning import Begun, begin_congress
from congress.congresses.models import CongressKind
from congress.core.db import db
from congress.core.localised import Localised
from tests.conftest import csrf_token, sign_in_as
from tests.factories import the_congress
from tests.feeds.public_addresses import addresses

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
BAND, HOME = "Preview: only organisers see this page.", "/krakowice2018/"


def publish(app: Flask, is_published: bool, **others: object) -> None:
    with app.app_context():
        congress = the_congress()
        congress.is_published = is_published
        for name, value in others.items():
            setattr(congress, name, value)
        db.session.commit()


def test_pages_open_to_those_who_work_here_and_nothing_else_does(app: Flask, client: FlaskClient, organiser: FlaskClient):
    """One address of each kind: pages say that they are a preview and are kept nowhere; feeds, and all of it for others, are not there."""
    with app.app_context():
        found = {name: paths[0] for name, paths in addresses().items() if paths[0].startswith(HOME)}
    shown = {name: answer for name, path in found.items() if (answer := client.get(path)).status_code == 200}
    publish(app, False)
    wrong = {}
    for name, public in shown.items():
        path = found[name]
        is_page = public.mimetype == "text/html" and name != "public.offline.show"
        answer, other = organiser.get(path, follow_redirects=True), client.get(path)
        kept = (answer.headers["Cache-Control"], answer.headers.get("X-Robots-Tag"), answer.headers.get("ETag"))
        if is_page:
            seen = (answer.status_code, kept, "noindex" in answer.text or name == "public.now.part", other.status_code)
            good = (200, ("private, no-store", "noindex, nofollow", None), True, 404)
        else:
            seen = (answer.status_code, BAND in answer.text, other.status_code)
            good = (404, False, 404)
        if seen != good:
            wrong[name] = (path, seen)
    assert wrong == {}
    publish(app, True)
    feeds = {name: found[name] for name in shown if shown[name].mimetype != "text/html"}
    assert len(feeds) > 5
    assert {name: client.get(path).data for name, path in feeds.items()} == {name: shown[name].data for name in feeds}
    assert BAND not in organiser.get(HOME).text


@pytest.mark.parametrize(
    ("who", "status", "publishes"),
    [
        (None, 404, False),
        (RoleKind.ORGANISER, 200, True),
        (RoleKind.PROGRAMME_READER, 200, False),
        (RoleKind.CHECK_IN, 200, False),
    ],
)
def test_who_sees_a_preview_and_who_is_shown_the_way_to_publish(app: Flask, who: RoleKind | None, status: int, publishes: bool):
    reader = sign_in_as(app, who) if who else app.test_client()
    publish(app, False)
    answer = reader.get(HOME)
    assert (answer.status_code, BAND in answer.text) == (status, status == 200)
    assert ("/desk/krakowice2018/settings/#is_published" in answer.text) == publishes
    publish(app, False, requires_second_factor=True)
    assert reader.get(HOME).status_code == 404


def test_a_role_in_one_congress_opens_no_preview_of_another(app: Flask, organiser: FlaskClient):
    with app.app_context():
        name, day = Localised(en="Visit", pl="Wizyta"), the_congress().starts_on
        begun = Begun(
            slug="visit-2018", kind=CongressKind.STUDY_VISIT, names=name, long_names=name, starts_on=day, ends_on=day,
            timezone="Europe/Warsaw", languages=["pl", "en"],
        )  # fmt: skip
        begin_congress(the_congress().network, begun, the_congress().hosts)
        db.session.commit()
    assert [
        sign_in_as(app, RoleKind.ORGANISER).get("/visit-2018/").status_code,
        organiser.get("/krakowice2018/").status_code,
    ] == [404, 200]


def test_forms_of_a_preview_take_nothing(app: Flask, organiser: FlaskClient):
    token = csrf_token(organiser, "/desk/krakowice2018/settings/")
    publish(app, False)
    answer = organiser.post("/krakowice2018/newsletter/", data={"csrf_token": token, "email": "ada@city.example"})
    assert (answer.status_code, "This is a preview" in answer.text) == (403, True)
