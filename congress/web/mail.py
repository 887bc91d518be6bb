"""From a message of the outbox to a mail: facts to rows, rows to text in the reader's language, text to MIME."""

from __future__ import annotations

from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app, render_template

from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.feeds import services as feeds
from congress.outbox import carriers
from congress.outbox import services as outbox
from congress.outbox.models import Message
from congress.registration import queries as registrations
from congress.registration import services as registration_services
from congress.web import links
from congress.web.language import speaking


def _of_registration(facts: dict[str, Any]) -> dict[str, Any]:
    registration = registrations.get_registration(facts["registration"])
    congress, key = registration.congress, current_app.config["SECRET_KEY"]
    values: dict[str, Any] = {"registration": registration, "person": registration.delegate.person, "congress": congress}
    if registration.is_live:
        token = registration_services.link_token(registration, key)
        calendar = feeds.calendar_token(registration, key=key, now=now())
        values["personal_link"] = links.absolute("my.registration.show", token=token)
        values["calendar_link"] = links.absolute("my.calendar.feed", token=calendar, congress=congress.slug)
        values["programme"] = registrations.own_programme(registration)
    return values


# What each template needs, from the facts of its message.
_VALUES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "registration_received": _of_registration,
    "registration_again": _of_registration,
    "registration_withdrawn": _of_registration,
}


def compose(message: Message) -> EmailMessage:
    """The mail of a message: plain text and HTML, in the language of the message, with links valid now.

    The Message-ID is that of the row: a mail carried twice is recognised as one by many mail programs.
    """
    sender = current_app.config["MAIL_FROM"]
    mail = EmailMessage(policy=SMTP)
    with speaking(message.language):
        values = {**_VALUES[message.template](message.facts), "lang": message.language}
        text = render_template(f"mail/{message.template}.txt", **values)
        subject, _, body = text.partition("\n")
        page = render_template(f"mail/{message.template}.html", **values, subject=subject)
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = sender
    mail["To"] = Address(addr_spec=message.recipient)
    mail["Date"] = format_datetime(message.queued_at)
    mail["Message-ID"] = f"<{message.key}.{message.queued_at:%Y%m%d%H%M%S}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body.lstrip("\n"), cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language  # setting the content clears what was said of it before
    return mail


def carry(message: Message) -> None:
    """Deliver one message through SMTP, or as a file under the instance folder where no server is set."""
    begin_writing()
    mail = compose(message)
    name = f"{message.id:06d}-{message.template}"
    db.session.commit()  # links that were issued for this mail
    if current_app.config["SMTP_URL"]:
        carriers.send_by_smtp(current_app.config["SMTP_URL"], mail)
    else:
        carriers.write_to_folder(Path(current_app.instance_path) / "mail", name, mail)


def deliver_due(app: Flask) -> int:
    """Deliver what is due; how many messages left."""
    with app.app_context():
        return outbox.deliver_due(carry, now=now())
