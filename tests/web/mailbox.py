"""Changing the programme, and reading the mails that this causes as a mail program does."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask
from icalendar import Calendar, Component
from sqlalchemy import update

from congress.core.db import db
from congress.core.localised import Localised
from congress.outbox.models import Message, MessageState
from congress.programme import services as programmes
from congress.registration import notices
from congress.web import mail
from tests.factories import NOW, the_congress, the_item, the_placement, utc

LATER = NOW + timedelta(hours=1)


def release(*, note: str = "", now=NOW) -> None:
    made, _changes = programmes.release_programme(the_congress(), note=Localised(en=note, pl=note), by="", now=now)
    notices.tell_people(the_congress(), made, now=now)
    only_of("zoe@kanazawa.example")
    db.session.commit()


def only_of(address: str) -> None:
    db.session.execute(
        update(Message).where(Message.recipient != address, Message.state == MessageState.QUEUED).values(state=MessageState.SENT)
    )


def rename(code: str, title: str, polish: str = "") -> None:
    the_item(code).titles = Localised(en=title, pl=polish or the_item(code).titles["pl"])


def move(code: str) -> None:
    programmes.place_session(the_placement(code), starts_at=utc(2018, 6, 12, 8), ends_at=utc(2018, 6, 12, 9, 30))


def deliver(app: Flask) -> list[EmailMessage]:
    """What leaves now, as a mail program reads it."""
    folder = Path(app.instance_path) / "mail"
    before = set(folder.glob("*.eml"))
    mail.deliver_due(app)
    return [message_from_bytes(each.read_bytes(), policy=policy.default) for each in sorted(set(folder.glob("*.eml")) - before)]


def shape(part: EmailMessage) -> object:
    """The tree of a mail: types, methods, dispositions."""
    if part.is_multipart():
        return {part.get_content_subtype(): [shape(each) for each in part.iter_parts()]}
    method = part["content-type"].params.get("method")
    said = [part.get_content_type(), *([method] if method else []), *([part.get_filename()] if part.get_filename() else [])]
    return " ".join(said)


def calendars(letter: EmailMessage) -> list[tuple[Calendar, Component]]:
    """The attached calendars with the first event of each."""
    found = []
    for part in letter.iter_attachments():
        root = Calendar.from_ical(part.get_payload(decode=True))
        found.append((root, root.walk("VEVENT")[0]))
    return found


def text(letter: EmailMessage) -> str:
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
