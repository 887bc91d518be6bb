"""A third language is a catalogue and a setting: then every page, mail, calendar and sheet speaks it, and every form asks for it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from config import TestConfig
from congress import create_app, demo
from congress.core.db import begin_writing, db
from congress.core.languages import LANGUAGES
from congress.core.localised import Localised
from congress.delegates import services as delegations
from congress.events import newsletter
from congress.events import services as sign_ups
from congress.outbox.models import Message
from congress.outbox.services import NotWanted, TooEarly
from congress.programme.models import Contributor
from congress.programme.services import release_programme
from congress.registration import services
from congress.registration.details import Passport
from congress.registration.organising import untranslated
from congress.registration.questions.queries import questions
from congress.registration.vocabulary import QuestionKind
from congress.web import mail
from tests import reading_pdf
from tests.conftest import Databases, csrf_token, disconnect, forget_releases, use
from tests.events.arranged import EVENT, confirmed, the_event
from tests.factories import HOSTS, NOW, make_contact, make_full_registration, the_congress
from tests.registration.asking import make_question, offered
from tests.third_language import CODE, Suspicious, make_catalogues, shown, write_contents

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
LINK = re.compile(r'<a [^>]*href="([^"]+)"')
# Files, and pages that tell what was released before there was a third language.
NO_PAGES = re.compile(
    r"\.(?:pdf|ics|json|xml|csv|xlsx|js|webmanifest|svg|png|txt)$|sign-out|/file$|/photo|/changes/\d|/releases/(1/|mails)"
)


@dataclasses.dataclass
class Site:
    """A congress in three languages, with somebody in each part of it, and where each begins."""

    app: Flask
    starts: dict[str, list[str]]
    names: set[str]  # of people as they are printed, with a word or two about them


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    before, tmp_path = dict(LANGUAGES), tmp_path_factory.mktemp("third")
    url = databases.make(databases.loaded)
    forget_releases()
    settings = TestConfig.make(url, tmp_path)
    app = create_app(dataclasses.replace(settings, TRANSLATIONS=make_catalogues(tmp_path / "catalogues")))
    app.extensions["security"].pwd_context.update(argon2__rounds=1, argon2__memory_cost=8, argon2__parallelism=1)
    use(app, tmp_path)
    with time_machine.travel(NOW, tick=False):
        with app.app_context():
            starts = _arrange(app.config["SECRET_KEY"])
            names = {name for name in db.session.scalars(select(Contributor.name)) if name}
        yield Site(app, starts, names)
    disconnect(app)
    databases.drop(url)
    LANGUAGES.clear()
    LANGUAGES.update(before)
    forget_releases()


def _arrange(key: str) -> dict[str, list[str]]:
    begin_writing()
    the_congress().languages = ["en", "pl", CODE]
    make_contact("kanazawa", language=CODE)
    for kind in QuestionKind:
        make_question(kind=kind, choices=offered("one", "two") if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES) else [])
    person = make_full_registration(language=CODE)
    services.confirm(person, actor=HOSTS, now=NOW)
    passport = db.session.get_one(Passport, person.id)
    passport.content = {
        "name": "NOMSA TESTER", "born_on": "1980-02-29", "nationality": "ZA", "number": "ZA0123456", "expires_on": "2030-01-01",
        "consulate": "Pretoria",
    }  # fmt: skip
    delegation = person.delegate.delegation
    assert delegation is not None
    delegation.focal_email, delegation.focal_language = "focal@kanazawa.example", CODE
    guest = confirmed(the_event(20), 2)
    guest.language = CODE
    reader = newsletter.subscribe(the_congress(), "ada@mail.example", CODE, key=key, now=NOW)
    db.session.flush()
    write_contents()
    db.session.expire_all()
    release_programme(the_congress(), note=Localised(en="Noted"), by="test", now=NOW - timedelta(days=1))
    link = services.link_token(person, key)
    steps = ("identity", "role", "travel", "needs", "consents", "review")
    starts = {
        "visitor": ["/", "/krakowice2018/", f"/krakowice2018/sign-ups/{EVENT}/", "/krakowice2018/registration/", "/nowhere/at/all"],
        "person": [
            f"/my/registration/{link}/", *(f"/my/registration/{link}/form/{step}" for step in steps),
            f"/my/sign-ups/{sign_ups.link_token(guest, key)}/", f"/my/newsletter/{newsletter.link_token(reader, key)}/",
            f"/my/delegation/{delegations.link_token(delegation, key)}/", "/my/registration/unknown/",
        ],
        "organiser": [
            "/desk/", "/desk/krakowice2018/", "/desk/krakowice2018/translations/", f"/desk/krakowice2018/registrations/{person.id}/",
            f"/desk/krakowice2018/delegations/{delegation.id}/",
        ],
    }  # fmt: skip
    db.session.commit()
    return starts


def sign_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    form = {"email": demo.ORGANISER, "password": demo.organiser_password(app.config["SECRET_KEY"])}
    answer = client.post("/desk/sign-in", data={**form, "csrf_token": csrf_token(client, "/desk/sign-in")})
    assert answer.status_code == 302, answer.text
    return client


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """One page of each kind that readers of the third language reach by following links, with its path."""
    for who, starts in site.starts.items():
        client = sign_in(site.app) if who == "organiser" else site.app.test_client()
        seen, todo = set[str](), list(starts)
        while todo:
            path = todo.pop(0)
            try:
                kind = str(site.app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")[0])
            except HTTPException:
                kind = path
            if path in seen or (kind in seen and path not in starts) or NO_PAGES.search(urlsplit(path).path):
                continue
            seen |= {kind, path}
            answer = client.get(path, headers={"Accept-Language": CODE})
            assert answer.status_code < 500, path
            if answer.mimetype != "text/html" or answer.status_code in (302, 303, 308):
                continue
            yield path, answer.text
            for link in LINK.findall(answer.text):
                target = urlsplit(urljoin(f"http://localhost{path}", unescape(link)))
                if target.netloc == "localhost" and "lang=" not in target.query:
                    todo.append(target.path)


@ON_SQLITE
def test_no_page_shows_a_sentence_that_is_not_translated(site: Site):
    suspicious, found, number = Suspicious(site.names), dict[str, list[str]](), 0
    for path, page in pages(site):
        number += 1
        assert re.search(rf'<html[^>]* lang="{CODE}"', page) or "<html" not in page, path
        if said := list(dict.fromkeys(suspicious.among(shown(page)))):
            found[path] = said
    assert (found, number > 90) == ({}, True)


@ON_SQLITE
def test_mails_calendars_feeds_and_sheets_speak_it(site: Site):
    suspicious, found, client = Suspicious(site.names), dict[str, list[str]](), site.app.test_client()
    with site.app.app_context():
        begin_writing()
        templates = set()
        for message in db.session.scalars(select(Message).where(Message.language == CODE)).all():
            try:
                made = mail.compose(message)
            except (NotWanted, TooEarly):
                continue
            templates.add(message.template)
            plain = made.get_body(("plain",))
            assert plain is not None
            texts = [str(made["Subject"]), *re.sub(r"\n(?!\n)", " ", plain.get_content()).split("\n")]
            found[message.template] = list(suspicious.among(texts))
        db.session.rollback()
    address = re.search(r"/krakowice2018/calendar/[\w-]+\.ics", client.get("/krakowice2018/calendar/").text)
    assert address is not None
    calendar = client.get(f"{address[0]}?lang={CODE}").text.replace("\r\n ", "")
    said = [
        line.partition(":")[2]
        for line in calendar.split("\r\n")
        if re.match(r"(SUMMARY|DESCRIPTION|X-WR-CALNAME|X-WR-CALDESC)", line)
    ]
    found["calendar"] = list(suspicious.among(part for line in said for part in line.replace("\\,", ",").split("\\n")))
    atom = client.get(f"/krakowice2018/changes.atom?lang={CODE}").text
    found["changes"] = list(suspicious.among(re.findall(r"<title[^>]*>([^<]*)<", atom)))
    sheet = client.get(f"/krakowice2018/booklet/{CODE}.pdf").data
    found["booklet"] = list(suspicious.among([reading_pdf.text(sheet)]))
    assert ({name: said for name, said in found.items() if said}, len(templates) > 2, len(said) > 50) == ({}, True, True)


@ON_SQLITE
def test_forms_ask_for_each_text_in_it_and_keep_it(site: Site):
    client = sign_in(site.app)
    data = {"csrf_token": csrf_token(client, "/desk/krakowice2018/questions/new"), "label_en": "Which instrument?", "label_pl": "Jaki instrument?",
            "label_fr": "Quel instrument ?", "help_fr": "En un mot.", "step": "needs", "kind": "choice", "retention": "kept",
            "choices-0-en": "Horn", "choices-0-fr": "Cor", "choices-1-en": "Harp", "choices-1-fr": ""}  # fmt: skip
    assert client.post("/desk/krakowice2018/questions/new", data=data).status_code == 303
    with site.app.app_context():
        question = next(
            each for each in questions(the_congress()) if "fr" in each.labels and each.labels["fr"] == "Quel instrument ?"
        )
        kept = (question.labels, question.helps, [each["labels"] for each in question.choices])
        gaps = [(gap.of.value, gap.languages) for gap in untranslated.gaps(the_congress()) if gap.note == question.code]
    assert kept == (
        Localised(en="Which instrument?", pl="Jaki instrument?", fr="Quel instrument ?"), Localised(fr="En un mot."),
        [{"en": "Horn", "fr": "Cor"}, {"en": "Harp"}],
    )  # fmt: skip
    assert gaps == [("question", ("en", "pl", "fr"))]  # the help in English and Polish, a choice in French
