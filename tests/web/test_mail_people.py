"""Mails to people whom their city names, and to those who are replaced."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from congress.core.db import db
from congress.delegates.services import delegation_of
from congress.delegates.vocabulary import Category, Part
from congress.outbox.models import Message
from congress.outbox.services import NotWanted
from congress.registration import services
from congress.registration.bookings import services as bookings
from congress.registration.delegations import people
from congress.registration.delegations import services as delegations
from congress.registration.delegations.edits import Edit
from congress.registration.models import Registration
from congress.registration.vocabulary import By
from congress.web.mail import compose
from tests.core.shared import shared_app, undone
from tests.factories import HOSTS, NOW, make_applicant, the_city, the_congress, the_item

__all__ = ["shared_app", "undone"]


def added(name: str, **changes: object) -> Registration:
    delegation = delegation_of(the_congress(), the_city("ostersund"))
    applicant = make_applicant(given_name=name, family_name="Testsson", email=f"{name.lower()}@ostersund.example", **changes)
    return people.add(delegation, applicant, edit=edit(), key="k" * 40)


def edit() -> Edit:
    return Edit(delegation_of(the_congress(), the_city("ostersund")).version, "focal@ostersund.example", NOW)


def mail_to(name: str, template: str) -> EmailMessage:
    asked = select(Message).where(Message.recipient == f"{name}@ostersund.example", Message.template == template)
    return compose(db.session.scalars(asked).one())


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def test_who_is_named_gets_an_own_link(undone: Flask):
    anna = added("Anna", part=Part.HEAD)
    people.send_links(anna.delegate.delegation, [anna], edit=edit())

    mail = mail_to("anna", "person_invited")

    token = services.link_token(anna, undone.config["SECRET_KEY"])
    assert (mail["To"], mail["Subject"]) == ("anna@ostersund.example", "You have been named for #Krakowice2018")
    assert f"/my/registration/{token}/" in text(mail)
    assert "Your city: Östersund." in text(mail)
    html = mail.get_body(("html",))
    assert html is not None and f"/my/registration/{token}/" in html.get_content()


def test_who_has_left_in_the_meantime_gets_no_link(undone: Flask):
    anna = added("Anna")
    people.send_links(anna.delegate.delegation, [anna], edit=edit())
    people.remove(anna.delegate.delegation, anna, edit=edit())

    with pytest.raises(NotWanted):
        mail_to("anna", "person_invited")


def test_of_two_who_change_places_each_is_told_and_the_calendar_is_emptied(undone: Flask):
    anna = added("Anna", part=Part.HEAD)
    delegation = anna.delegate.delegation
    delegations.submit(delegation, edit=edit())
    delegations.confirm_delegation(delegation, actor=HOSTS, now=NOW)
    bookings.choose(anna, the_item("P037"), now=NOW + timedelta(minutes=1))
    wanted = make_applicant(given_name="Dag\r\nBcc: x@y.example", family_name="Testsson", email="dag@ostersund.example")
    people.replace(delegation, anna, wanted, edit=edit(), key=undone.config["SECRET_KEY"])

    before, after = mail_to("anna", "registration_replaced"), mail_to("dag", "person_invited")

    assert before["Subject"] == "Another person takes your place: #Krakowice2018"
    assert "Your registration, your personal link and your calendar have ended." in text(before)
    assert (after["To"], after["Bcc"]) == ("dag@ostersund.example", None)
    assert "You take the place of Anna Testsson, with the sessions and transfers that were booked." in text(after)
    assert "Your participation is confirmed by the hosts." in text(after)


def test_whom_the_city_registers_reads_who_did_and_what_is_still_to_do(undone: Flask):
    anna = added("Anna", part=Part.HEAD, consents=[])
    mayor = added("Mona", category=Category.MAYOR)
    delegations.submit(anna.delegate.delegation, edit=edit())

    said, to_mayor = (text(mail_to(name, "registration_received")) for name in ("anna", "mona"))

    assert "Your city has registered you for the XII Annual Meeting" in said
    assert "Your name and your address come from your city's focal point" in said
    assert (
        "what the hosts still need from you: arrival and departure, nights, dietary and access needs, choice of sessions, consents."
        in said
    )
    assert "Your city has registered you" in to_mayor and "still need" not in to_mayor  # of a mayor nothing more is asked
    services.confirm(anna, actor=services.Actor(By.ORGANISER, "organiser@krakowice.example"), now=NOW)
    assert "what the hosts still need from you" in text(mail_to("anna", "registration_confirmed"))
    assert mayor.submitted_at == NOW


def test_who_sends_a_delegation_gets_a_receipt_that_names_the_people(undone: Flask):
    delegation = delegation_of(the_congress(), the_city("ostersund"))
    delegation.focal_email = "focal@ostersund.example"
    anna = added("Anna", part=Part.HEAD)
    for name in ("Bo", "Cai", "Dag"):
        added(name)
    delegations.submit(delegation, edit=edit())
    delegations.submit(delegation, edit=edit())

    mail = mail_to("focal", "delegation_received")

    assert (mail["Subject"], anna.submitted_at) == ("#Krakowice2018: we have your delegation", NOW)
    assert "City: Östersund\nPeople: Anna Testsson, Bo Testsson, Cai Testsson\nOn the waiting list: Dag Testsson\n" in text(mail)
    assert "/my/delegation/" in text(mail)
