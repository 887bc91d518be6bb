"""From a message of the outbox to a mail: contents to text in the reader's language, text and calendars to MIME."""

from __future__ import annotations

from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from flask import Flask, current_app, render_template

from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.feeds.itip import Method
from congress.outbox import carriers
from congress.outbox import services as outbox
from congress.outbox.models import Message
from congress.web import mail_contents as contents
from congress.web.language import speaking
from congress.web.mail_parts import CalendarFile


def compose(message: Message) -> EmailMessage:
    """The mail of a message: plain text and HTML, in the language of the message, with links valid now, and its calendars.

    The Message-ID is that of the row: a mail carried twice is recognised as one by many mail programs.
    Raises outbox.NotWanted, outbox.TooEarly.
    """
    sender = current_app.config["MAIL_FROM"]
    mail = EmailMessage(policy=SMTP)
    with speaking(message.language):
        said = contents.content(message)
        values = {**said.values, "lang": message.language}
        text = render_template(f"mail/{message.template}.txt", **values)
        subject, _, body = text.partition("\n")
        page = render_template(f"mail/{message.template}.html", **values, subject=subject)
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = _named(values["congress"].names.text(message.language), sender)
    mail["To"] = Address(addr_spec=message.recipient)
    mail["Date"] = format_datetime(message.queued_at)
    mail["Message-ID"] = f"<{message.key}.{message.queued_at:%Y%m%d%H%M%S}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in said.headers.items():
        mail[name] = value
    mail.set_content(body.lstrip("\n"), cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    _add_calendars(mail, said.files)
    mail["Content-Language"] = message.language  # setting the content clears what was said of it before
    return mail


def _named(name: str, address: str) -> Address:
    """The sender as readers see it in their list of mails. Nothing in the name can begin another line of the head."""
    said = "".join(sign if sign.isprintable() else " " for sign in name)
    return Address(display_name=" ".join(said.split()), addr_spec=address)


def _add_calendars(mail: EmailMessage, files: Sequence[CalendarFile]) -> None:
    """Calendars in the shapes that programs apply; all in base64, since some of them stumble over other encodings.

    One that asks or cancels is the third alternative, from which Outlook and Gmail make their buttons, and an attachment for the
    programs that look for one. Several can be no alternatives of one text, nor one part, since REQUEST and CANCEL are about one UID
    (RFC 5546, 3.2.2 and 3.2.5): each is an attachment that names its method (RFC 6047, 2.4). One that is published is never a
    text/calendar part: Outlook would show its lines as the text of the mail.
    """
    asking = [each for each in files if each.method is not Method.PUBLISH]
    if len(asking) == 1:
        mail.add_alternative(asking[0].body, maintype="text", subtype="calendar", params=_parameters(asking[0]))
    for each in files:
        if each.method is Method.PUBLISH or len(asking) == 1:
            mail.add_attachment(each.body, maintype="application", subtype="ics", filename=each.name)
        else:
            mail.add_attachment(
                each.body, maintype="text", subtype="calendar", filename=each.name, params=_parameters(each)
            )  # fmt: skip


def _parameters(file: CalendarFile) -> dict[str, str]:
    return {"charset": "UTF-8", "method": file.method.value}


def carry(message: Message) -> None:
    """Deliver one message through SMTP, or as a file under the instance folder where no server is set."""
    begin_writing()
    try:
        mail = compose(message)
    except outbox.NotWanted:
        db.session.commit()  # what it has told by saying nothing
        raise
    name = f"{message.id:06d}-{message.template}"
    db.session.commit()  # links that were issued for this mail, and what it tells
    if current_app.config["SMTP_URL"]:
        carriers.send_by_smtp(current_app.config["SMTP_URL"], mail)
    else:
        carriers.write_to_folder(Path(current_app.instance_path) / "mail", name, mail)


def deliver_due(app: Flask) -> int:
    """Deliver what is due; how many messages left."""
    with app.app_context():
        return outbox.deliver_due(carry, now=now())
