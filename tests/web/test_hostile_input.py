"""Every form that the pages have, found by following their links, gets what nobody should send: a clear answer, and nothing unescaped."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.exceptions import HTTPException

from congress.core.db import begin_writing, db
from congress.delegates import services as delegations
from congress.delegates.vocabulary import DelegationState
from congress.events import newsletter
from congress.events import services as sign_ups
from congress.outbox.models import Message
from congress.outbox.services import NotWanted, TooEarly
from congress.registration import services
from congress.registration.details import Passport
from congress.registration.vocabulary import QuestionKind
from congress.web import mail
from tests.browsing import Browser, Form
from tests.events.arranged import EVENT, confirmed, make_sign_up, the_event
from tests.factories import HOSTS, NOW, make_contact, make_full_registration, make_registration, the_congress
from tests.registration.asking import make_question, offered

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
MARK = "<script>alert(1)</script>"
HOSTILE: list[str | bytes] = [
    "",
    f'Zoë "><img src=x onerror=alert(2)>{MARK}',
    '=HYPERLINK("http://evil.example","x")',
    "a\r\nBcc: victim@other.example\r\n\r\nx",
    "\u202eevil\u200f\x07\x1b[31m",
    "a\x00b",
    b"\xed\xb2\x80\xff\xfe",
    "2018-02-30",
    f"{'a' * 290}@mail.example",
    "żółć@przykład.example",
    "9" * 5000,
    "{congress.__class__} {0} %(x)s %s {{ 7*7 }}",
]
LONG = "x" * 100_000
SHOWN = re.compile(r"<script>alert|<img src=x|\{\{ 7\*7 \}\}.{0,3}49")
SKIPPED = {"security.logout", "security.login", "desk.dashboard.show"}
_HIDDEN = re.compile(r"<input[^>]*>")
_NAME = re.compile(r'name="([^"]*)"')
_LINKS = re.compile(r'<a [^>]*href="([^"]+)"')


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@dataclass
class Found:
    """A form where it stands, with the names of what people do not type: hidden fields, lists, files."""

    page: str
    form: Form
    fixed: set[str]
    session: str


@dataclass
class World:
    """A congress with somebody in each part, the browsers of a visitor and an organiser, and how to get back to the beginning."""

    app: Flask
    clients: dict[str, FlaskClient]
    starts: dict[str, list[str]]
    problems: dict[str, object] = field(default_factory=dict)
    asked: int = 0

    def file(self) -> str:
        return self.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")

    def keep(self) -> None:
        with closing(sqlite3.connect(self.file())) as live, closing(sqlite3.connect(f"{self.file()}-kept")) as kept:
            live.backup(kept)

    def restore(self) -> None:
        with closing(sqlite3.connect(f"{self.file()}-kept")) as kept, closing(sqlite3.connect(self.file(), timeout=5)) as live:
            kept.backup(live)


@pytest.fixture
def world(app: Flask, client: FlaskClient, organiser: FlaskClient) -> World:
    key = app.config["SECRET_KEY"]
    with app.app_context():
        begin_writing()
        person = make_full_registration()
        services.confirm(person, actor=HOSTS, now=NOW)
        passport = db.session.get_one(Passport, person.id)
        passport.content = {
            "name": "NOMSA TESTER", "born_on": "1980-02-29", "nationality": "ZA", "number": "ZA0123456", "expires_on": "2030-01-01",
            "consulate": "Pretoria",
        }  # fmt: skip
        make_contact("kanazawa")
        for kind in QuestionKind:
            choices = offered("one", "two") if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES) else []
            make_question(kind=kind, choices=choices)
        submitted = make_registration(given_name="Second")
        delegation = person.delegate.delegation
        assert delegation is not None
        delegation.state, delegation.focal_email = DelegationState.DRAFTING, "focal@kanazawa.example"
        event = the_event(20)
        guest, waiting = confirmed(event, 2), make_sign_up(event, 1)
        reader = newsletter.subscribe(the_congress(), "ada@mail.example", "en", key=key, now=NOW)
        link = services.link_token(person, key)
        starts = {
            "visitor": ["/", f"/krakowice2018/sign-ups/{EVENT}/", "/krakowice2018/registration/", "/krakowice2018/code/"],
            "person": [
                f"/my/registration/{link}/", f"/my/registration/{services.link_token(submitted, key)}/form/",
                *(f"/my/registration/{link}/form/{step}" for step in ("identity", "role", "travel", "needs", "consents", "review")),
                f"/my/sign-ups/{sign_ups.link_token(guest, key)}/", f"/my/sign-ups/{sign_ups.link_token(waiting, key)}/",
                f"/my/newsletter/{newsletter.link_token(reader, key)}/",
            ],
            "focal point": [f"/my/delegation/{delegations.link_token(delegation, key)}/"],
            "organiser": [
                "/desk/", f"/desk/krakowice2018/sign-ups/{EVENT}/", f"/desk/krakowice2018/registrations/{person.id}/",
                f"/desk/krakowice2018/delegations/{delegation.id}/",
                f"/desk/krakowice2018/registrations/{person.id}/merge/{submitted.id}",
            ],
        }  # fmt: skip
        db.session.commit()
    clients = {name: organiser if name == "organiser" else client for name in starts}
    made = World(app, clients, starts)
    made.keep()
    return made


def endpoint(world: World, path: str, method: str) -> str:
    try:
        return str(world.app.url_map.bind("localhost").match(urlsplit(path).path, method=method)[0])
    except HTTPException:
        return ""


def crawl(world: World) -> list[Found]:
    """Each form once, by where it goes and what it holds, on one page of each kind."""
    found: dict[tuple[str, frozenset[str]], Found] = {}
    for who, starts in world.starts.items():
        browser, seen, todo = Browser(world.clients[who]), set[str](), list(starts)
        while todo:
            path = todo.pop(0)
            kind = endpoint(world, path, "GET")
            if not kind or (kind in seen and path not in starts) or "." in path.rpartition("/")[2] or kind in SKIPPED:
                continue
            seen.add(kind)
            browser.open(path)
            assert browser.status < 500, path
            fixed = {
                name[1] for each in _HIDDEN.findall(browser.text) if re.search(r'type="(hidden|file|checkbox|radio)"', each)
                and (name := _NAME.search(each))
            } | set(re.findall(r'<select[^>]*name="([^"]*)"', browser.text))  # fmt: skip
            for form in browser.forms():
                goes = urlsplit(urljoin(f"http://localhost{browser.path}", form.action or browser.path)).path
                act = endpoint(world, goes, form.method.upper())
                if act and act not in SKIPPED:
                    found.setdefault((act, frozenset(form.names)), Found(browser.path, form, fixed, who))
            for link in _LINKS.findall(browser.text):
                target = urlsplit(urljoin(f"http://localhost{browser.path}", unescape(link)))
                if target.netloc == "localhost" and endpoint(world, target.path, "GET") not in seen:
                    todo.append(target.path)
    return list(found.values())


def send(world: World, found: Found, changed: dict[str, str | bytes], what: str) -> None:
    """Send the form with these values instead of its own; note what is wrong with the answer."""
    form, client = found.form, world.clients[found.session]
    target = urlsplit(urljoin(f"http://localhost{found.page}", form.action or found.page)).path
    pairs: list[tuple[str, str | bytes]] = [(name, changed.get(name, value)) for name, value in form.values]
    pairs += [(name, value) for name, value in changed.items() if name not in dict(form.values)]
    pairs += [(name, value) for name, value, _label in form.buttons[:1] if name and name not in changed]
    body, world.asked = urlencode(pairs), world.asked + 1
    try:
        if form.method == "get":
            answer = client.get(f"{target}?{body}", follow_redirects=True)
        else:
            kind = "application/x-www-form-urlencoded"
            answer = client.post(target, data=body, content_type=kind, follow_redirects=True)
    except Exception as problem:  # whatever a page raises is what this test looks for
        world.problems[f"{target} {what}"] = f"{type(problem).__name__}: {problem}"[:300]
        return
    if answer.status_code >= 500:
        world.problems[f"{target} {what}"] = answer.status_code
    if answer.mimetype == "text/html" and (shown := SHOWN.search(answer.text)):
        world.problems[f"{target} {what}"] = answer.text[max(0, shown.start() - 80) : shown.end() + 20]


def strain(world: World, found: Found, turn: int) -> None:
    """Everything that people type at once, then each field alone, then what they do not type."""
    typed = sorted({name for name, _value in found.form.values} - found.fixed)
    every = os.environ.get("EVERY_STRING")
    numbers = range(len(HOSTILE)) if every else sorted({1, *((turn + each) % len(HOSTILE) for each in (0, 4, 8))})
    for number in numbers if typed else ():
        send(world, found, dict.fromkeys(typed, HOSTILE[number]), f"all of {typed} ({number})")
    for place, name in enumerate(typed):
        text = LONG if (turn + place) % 2 else HOSTILE[(turn + place) // 2 % len(HOSTILE)]
        send(world, found, {name: text}, f"{name} ({text[:20]!r})")
    given = sorted((found.form.names | {name for name, *_rest in found.form.buttons if name}) - set(typed) - {"csrf_token"})
    for place, name in enumerate(given):
        for number in {3, (turn + place) % len(HOSTILE)}:  # the third is what no head of an answer may hold
            send(world, found, {name: HOSTILE[number]}, f"{name} ({number})")


def check_mails(world: World, after: int, what: str) -> None:
    """What was queued by all that becomes mails of one head."""
    with world.app.app_context():
        queued = db.session.scalars(select(Message).where(Message.id > after).order_by(Message.id).limit(3)).all()
        begin_writing()
        for message in queued:
            try:
                made = mail.compose(message)
            except (NotWanted, TooEarly):
                continue
            except Exception as problem:  # as above
                world.problems[f"mail {message.template} after {what}"] = f"{type(problem).__name__}: {problem}"[:300]
                continue
            page = made.get_body(("html",))
            if made["Bcc"] or "\n" in str(made["Subject"]) or (page and SHOWN.search(page.get_content())):
                world.problems[f"mail {message.template} after {what}"] = str(made)[:300]
        db.session.rollback()


@ON_SQLITE
def test_no_form_breaks_or_shows_unescaped_what_nobody_should_send(world: World):
    forms = crawl(world)
    with world.app.app_context():
        mails = db.session.scalar(select(func.max(Message.id))) or 0
    cookies = {who: client.get_cookie("session") for who, client in world.clients.items()}
    for turn, found in enumerate(forms):
        strain(world, found, turn)
        check_mails(world, mails, found.form.action or found.page)
        with world.app.app_context():
            db.session.remove()
            db.engine.dispose()
        world.restore()
        cookie = cookies[found.session]
        assert cookie is not None
        world.clients[found.session].set_cookie("session", cookie.value)
    surfaces = {found.session for found in forms}
    assert world.problems == {}
    assert (surfaces, len(forms) > 60, world.asked > 800) == ({"visitor", "person", "focal point", "organiser"}, True, True)
