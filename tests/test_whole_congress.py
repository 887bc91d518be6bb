"""The congress of 2018 from the first invitation to the last confirmation, through the real forms and the mails that really left."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, select

from congress import demo
from congress.congresses.imports import import_congress
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.data import FOLDER
from congress.delegates.models import Delegation
from congress.networks.models import Contact
from congress.networks.vocabulary import ContactKind
from congress.outbox.models import Message, MessageState
from congress.programme.imports import import_programme, import_venues
from congress.programme.services import release_programme
from congress.registration.models import Booking, Registration
from congress.registration.organising import figures
from congress.web import mail
from tests.browsing import Browser
from tests.conftest import Databases, csrf_token
from tests.factories import NOW, the_congress

CITIES, WITH_THREE, OVER, REPLACED, WITHDRAWN = 160, 30, 10, 6, 5  # 160 * 2 + 30 = 350 people hold places
WHOLE_FORM = 3  # people who fill in every page of the form
LINK = re.compile(r"http://\S+/my/\S+")


@pytest.fixture
def bare(databases: Databases, new_app: Callable[[str], Flask]) -> Flask:
    """The congress of 2018 with its programme and a contact in each city, and nobody registered. On SQLite: one run is enough."""
    if databases.kind != "sqlite":
        pytest.skip("one run through 350 people is enough; each page is tried on both databases")
    app = new_app("")
    with app.app_context():
        flask_migrate.upgrade()
        begin_writing()
        demo.load_facts()
        import_venues(FOLDER / "venues_2018.csv")
        congress = import_congress(FOLDER / "krakowice2018.toml")
        congress.registration_opens_at, congress.registration_closes_at = (
            datetime(2018, 1, 1, tzinfo=UTC),
            datetime(2200, 1, 1, tzinfo=UTC),
        )
        import_programme(FOLDER / "programme_2018.csv", congress)
        release_programme(congress, note=Localised(en="First"), by="test", now=now() - timedelta(days=1))
        for city in demo._cities_that_come(congress):
            db.session.add(
                Contact(
                    network_id=congress.network_id, city_id=city.id, kind=ContactKind.MAIN, given_name="Focal",
                    family_name="Point", email=f"focal@{city.slug}.example", language="en",
                )
            )  # fmt: skip
        demo._add_organiser(congress, app.config["SECRET_KEY"], now())
        db.session.commit()
    return app


class Post:
    """The mails that left, read from the folder into which they are written."""

    def __init__(self, app: Flask) -> None:
        self.app, self.folder, self.read = app, Path(app.instance_path) / "mail", set[str]()

    def deliver(self) -> dict[str, list[str]]:
        """Deliver what is due; the links of the new mails by their recipient."""
        while mail.deliver_due(self.app):
            pass
        found: dict[str, list[str]] = {}
        for path in sorted(self.folder.glob("*.eml")):
            if path.name not in self.read:
                self.read.add(path.name)
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = message.get_body(("plain",))
                assert body is not None
                found.setdefault(str(message["To"]), []).extend(LINK.findall(body.get_content()))
        return found


def organiser(app: Flask) -> Browser:
    client = app.test_client()
    form = {"email": demo.ORGANISER, "password": demo.organiser_password(app.config["SECRET_KEY"])}
    client.post("/desk/sign-in", data={**form, "csrf_token": csrf_token(client, "/desk/sign-in")})
    return Browser(client)


def rows(slug: str, number: int) -> str:
    """People of a city as a spreadsheet gives them, the first of whom heads the delegation."""
    lines = ["Given name\tFamily name\tE-mail address\tPart in the delegation"]
    for place in range(number):
        part = "head of the delegation" if place == 0 else "member"
        lines.append(f"Person{place}\tOf {slug}\tp{place}@{slug}.example\t{part}")
    return "\n".join(lines)


def test_350_delegates_of_160_cities_come_through_the_real_forms(bare, capsys, monkeypatch):
    monkeypatch.setattr("congress.my.sessions.now", lambda: NOW)  # what is over is not offered
    began, post = time.monotonic(), Post(bare)
    desk = organiser(bare)
    desk.open("/desk/krakowice2018/delegations/invite")
    desk.send("Send 160")
    invited = post.deliver()
    assert len(invited) == CITIES

    links = {}
    for place, (address, found) in enumerate(sorted(invited.items())):
        slug = address.removeprefix("focal@").removesuffix(".example")
        links[slug] = found[0]
        number = 4 if place < OVER else 3 if place < WITH_THREE else 2
        focal = Browser(bare.test_client()).open(found[0])
        focal.open(f"{found[0]}paste").send("Check", rows=rows(slug, number)).send(f"Add {number}")
        focal.open(found[0]).send("Send the delegation")
        assert ("The hosts have your delegation" in focal.text, focal.status) == (True, 200), (slug, focal.status)
    assert numbers(bare) == {"submitted": 350, "waiting": OVER}

    slugs = sorted(links)
    replace_some(bare, links, slugs[WITH_THREE : WITH_THREE + REPLACED])
    withdraw_some(bare, post, slugs[:WITHDRAWN])
    assert numbers(bare) == {"submitted": 350, "waiting": OVER - WITHDRAWN, "replaced": REPLACED, "cancelled": WITHDRAWN}

    for slug in slugs:
        with bare.app_context():
            number = delegation_id(slug)
        desk.open(f"/desk/krakowice2018/delegations/{number}/").send("Confirm")
    assert numbers(bare) == {"confirmed": 350, "waiting": OVER - WITHDRAWN, "replaced": REPLACED, "cancelled": WITHDRAWN}

    personal = post.deliver()
    for slug in slugs[-WHOLE_FORM:]:
        fill_in(bare, personal[f"p0@{slug}.example"][0])
    post.deliver()
    with bare.app_context():
        stages = figures.stages(figures.presences(the_congress()), figures.states_by_category(the_congress()))
        assert [(each.name, each.cities, each.countries, each.people) for each in stages] == [
            ("expected", 180, 73, None),
            ("invited", CITIES, 64, None),
            ("registered", CITIES, 64, 350),
            ("confirmed", CITIES, 64, 350),
        ]
        assert Counter(each.state.value for each in db.session.scalars(select(Delegation)) if each.invited_at) == {
            "confirmed": CITIES
        }
        mails = Counter(db.session.scalars(select(Message.state)))
        del mails[MessageState.SENT]  # those who were replaced before their mail left are not written to
        assert mails == {MessageState.DROPPED: REPLACED}
        assert db.session.scalar(select(func.count()).select_from(Booking)) == WHOLE_FORM
    with capsys.disabled():
        print(f"\n350 delegates of 160 cities through the forms: {time.monotonic() - began:.1f} s, {len(post.read)} mails")


def numbers(app: Flask) -> dict[str, int]:
    with app.app_context():
        return dict(Counter(state.value for state in db.session.scalars(select(Registration.state))))


def delegation_id(slug: str) -> int:
    return db.session.scalars(select(Delegation.id).where(Delegation.city.has(slug=slug))).one()


def people_of(slug: str) -> list[Registration]:
    of_city = Registration.delegate.has(delegation_id=delegation_id(slug))
    return list(db.session.scalars(select(Registration).where(of_city).order_by(Registration.id)))


def replace_some(app: Flask, links: dict[str, str], slugs: list[str]) -> None:
    """Each city sends somebody else in the second one's place."""
    for slug in slugs:
        with app.app_context():
            second = people_of(slug)[1].id
        focal = Browser(app.test_client()).open(f"{links[slug]}people/{second}/replace")
        focal.send("Replace", given_name="Other", family_name=f"Of {slug}", email=f"other@{slug}.example")
        assert "takes the place of" in focal.text, (slug, focal.status)


def withdraw_some(app: Flask, post: Post, slugs: list[str]) -> None:
    """The last one with a place withdraws through the own link; the one who waits gets the place."""
    personal = post.deliver()
    for slug in slugs:
        person = Browser(app.test_client()).open(personal[f"p2@{slug}.example"][0])
        person.send("Withdraw now")
        assert person.status in {200, 410}, (slug, person.status)


def fill_in(app: Flask, link: str) -> None:
    """Every page of the form of one person, to the end."""
    person = Browser(app.test_client())
    home = link.split("/form/", maxsplit=1)[0].rstrip("/") + "/"
    person.open(f"{home}form/travel").send(
        "Save and continue", arrival_on="2018-06-11", departure_on="2018-06-15", tick={"days"}, room="none"
    )
    assert person.status == 200, person.path
    person.open(f"{home}form/needs").send("Save and continue", tick={("diets", "vegetarian")})
    assert person.status == 200, person.path
    person.open(f"{home}sessions/").send("Save my choice", tick={("item", "P037")})
    assert person.status == 200, person.path
    person.open(f"{home}form/consents").send("Save and continue", tick={"privacy", "consent_privacy"})
    assert person.status == 200, person.path
