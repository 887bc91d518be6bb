"""Every kind of mail is known to organisers, and may be worded by them unless a reason is given."""

from __future__ import annotations

import re
import types
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from congress.core.db import db
from congress.core.localised import Localised
from congress.delegates import chasing
from congress.delegates.models import Delegation
from congress.delegates.queries import chase_list
from congress.events import newsletter
from congress.outbox import texts, wording
from congress.outbox.models import Message, MessageState
from congress.outbox.services import NotWanted
from congress.web import mail_belongings, mail_delegations, mail_texts
from congress.web.language import speaking
from congress.web.mail import compose, example
from congress.web.mail_contents import CONTENTS, EDITABLE
from congress.web.signing import mails as mail_accounts
from tests.events.arranged import confirmed, make_sign_up, the_event
from tests.factories import NOW, make_contact, make_registration, the_city, the_congress

MAILS = Path(__file__).parents[2] / "templates" / "mail"
FRAMES = {"base", "own_words"}


def test_every_template_of_a_mail_is_one_that_organisers_know_by_name():
    written = {each.stem for each in MAILS.glob("*.txt") if not each.stem.startswith("_")} - FRAMES
    assert written == set(CONTENTS) - {"bulk"}
    assert len({str(each.label) for each in CONTENTS.values()}) == len(CONTENTS)


def test_whatever_is_queued_is_one_of_them():
    """Names of templates in the code that queues."""
    code = "".join(each.read_text(encoding="utf-8") for each in (MAILS.parents[1] / "congress").rglob("*.py"))
    queued = set(re.findall(r'template="(\w+)"', code)) - {"letter"}
    assert queued <= set(CONTENTS)


def test_what_keeps_our_words_says_why():
    assert {name: bool(str(each.fixed)) for name, each in CONTENTS.items() if name not in EDITABLE} == {
        **dict.fromkeys(("planned_release_failed", "bulk"), True),
        **dict.fromkeys((*mail_belongings.CONTENTS, *mail_accounts.CONTENTS), True),
    }  # fmt: skip


def test_each_placeholder_is_explained_and_has_an_example(context: Flask):
    with context.test_request_context():
        for template, mail in EDITABLE.items():
            assert set(mail.known) <= set(mail_texts.PLACEHOLDERS), template
            assert set(mail.needed) <= set(mail.known), template
            assert set(mail_texts.examples(the_congress(), template, "en")) >= set(mail.known), template


@pytest.mark.parametrize("language", ["en", "pl"])
def test_our_words_of_each_mail_hold_its_placeholders_and_can_be_saved_as_they_are(context: Flask, language: str):
    with context.test_request_context():
        for template, mail in EDITABLE.items():
            ours = mail_texts.our_words(the_congress(), template, language)
            both = f"{ours.subject}\n{ours.body}"
            assert (template, wording.problem(both, mail.known)) == (template, None)
            lacking = [each for each in mail.needed if f"{{{each}}}" not in ours.body]
            assert (template, lacking) == (template, [])
            assert (template, bool(ours.subject), "None" in both, "900" in both) == (template, True, False, False)
            used = {each for each in (*mail.names, *mail.parts) if f"{{{each}}}" in both}
            unused = set(mail.names) | set(mail.parts)
            # What our words leave out is left to those who want to say it, too.
            assert unused - used <= {"city", "programme", "most", "name", "title", "times", "number_of_changes"}, template


def said(message: Message) -> str:
    """The text of a mail, whatever its line breaks; the signature of the congress left out. Empty where nobody wants it."""
    try:
        mail = compose(message)
    except NotWanted:
        return ""
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(f"{mail['subject']} {body.get_content()}".split()).partition(" -- ")[0]


def waiting() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.state == MessageState.QUEUED).order_by(Message.id)))


@pytest.mark.parametrize("language", ["en", "pl"])
def test_our_words_kept_as_own_say_to_each_reader_what_our_mail_says(context: Flask, language: str):
    """Nothing of our sentences is lost on the way through the organisers' form, whatever differs from reader to reader."""
    with time_machine.travel(NOW, tick=False):
        the_congress().registration_closes_at = NOW + timedelta(days=9)
        event = the_event(4)
        for people in (3, 1, 2):
            confirmed(event, people, language=language)  # the last one waits
        make_sign_up(event, 1, language=language)
        newsletter.subscribe(the_congress(), "reader@mail.example", language, key="k" * 40, now=NOW)
        make_contact("kanazawa", language=language)
        chasing.invite(the_congress(), [the_city("kanazawa")], by="x", now=NOW)
        invited = db.session.scalars(select(Delegation.id).where(Delegation.city_id == the_city("kanazawa").id)).all()
        chasing.remind(the_congress(), invited, by="x", now=NOW)
        make_registration(given_name="Zoë", email="zoe@kanazawa.example", language=language)
        db.session.execute(update(Message).where(Message.language != language).values(state=MessageState.SENT))
        before = {each.id: said(each) for each in waiting()}
        for template in EDITABLE:
            ours = mail_texts.our_words(the_congress(), template, language)
            texts.word(the_congress().id, template, language, subject=ours.subject, body=ours.body, was="", by="x", now=NOW)
        after = {each.id: said(each) for each in waiting()}
        told = {each.template for each in waiting() if after[each.id]}
    assert told >= {
        "sign_up_confirm", "sign_up_taken", "sign_up_waiting", "newsletter_confirm", "registration_received", "delegation_invited",
        "delegation_reminded",
    }  # fmt: skip
    assert after == before


def test_words_of_organisers_count_changes_and_tell_what_the_hosts_say_as_our_mail_does(context: Flask):
    change = types.SimpleNamespace(title="Obiad", said=["Nowa godzina"], old_title="", before="", now="")
    said = {"congress": the_congress(), "lang": "pl", "note": Localised(pl="Przepraszamy."), "is_provisional": True}
    with context.test_request_context(), speaking("pl"):
        found = [mail_texts.values_of({**said, "changes": [change] * number}, "programme_changed") for number in (1, 3, 5)]
    assert [each["headline"] for each in found] == [
        "1 zmiana w Państwa programie: #Krakowice2018",
        "3 zmiany w Państwa programie: #Krakowice2018",
        "5 zmian w Państwa programie: #Krakowice2018",
    ]
    lines = [line for line in found[0]["changes"].split("\n") if line]
    assert lines == ["Informacja od gospodarzy: Przepraszamy.", "* Obiad", "  Nowa godzina", "To nadal program wstępny."]


def test_a_sample_before_sending_is_in_the_words_in_which_the_mail_would_leave(context: Flask):
    make_contact("kanazawa", email="kenji@kanazawa.example")
    city = next(each for each in chase_list(the_congress(), {}, {}) if each.slug == "kanazawa")
    values = mail_delegations.example(the_congress(), city, city.contacts[0], None)
    with context.test_request_context():
        ours = example("delegation_reminded", values, "en")
        words = {"subject": "Kraków asks {city}", "body": "{progress}\n{link}"}
        texts.word(the_congress().id, "delegation_reminded", "en", **words, was="", by="x", now=NOW)
        own = example("delegation_reminded", values, "en")
    assert ours.startswith("#Krakowice2018: your delegation is still open\n")
    assert own.startswith("Kraków asks Kanazawa\n\nWe have not received your city’s delegation for the ")
    assert own.count("/my/delegation/…/") == 1
