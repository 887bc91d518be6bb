"""From a message of the outbox to a mail: contents to text in the reader's language, text and calendars to MIME."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app, render_template
from markupsafe import Markup

from congress.congresses import queries as congresses
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.feeds.itip import Method
from congress.outbox import carriers, wording
from congress.outbox import services as outbox
from congress.outbox.models import Message
from congress.web import mail_contents as contents
from congress.web import mail_texts
from congress.web.language import speaking
from congress.web.mail_parts import CalendarFile, Words

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")  # in the left part of a Message-ID (RFC 5322, 3.6.4)


def compose(message: Message) -> EmailMessage:
    """The mail of a message: plain text and HTML, in the language of the message, with links valid now, and its calendars.

    The Message-ID is that of the row: a mail carried twice is recognised as one by many mail programs.
    Raises outbox.NotWanted, outbox.TooEarly.
    """
    sender, user, host = current_app.config["MAIL_FROM"], *message.recipient.rpartition("@")[::2]
    mail = EmailMessage(policy=SMTP.clone(utf8=not user.isascii()))  # as a head with such an address has to be (RFC 6532)
    with speaking(message.language, congresses.kind_of(message.congress_id)):
        said = contents.content(message)
        values = {**said.values, "lang": message.language}
        words = said.words or mail_texts.own_words(values["congress"], message.template, message.language)
        text, page = in_words(words, values, message.template) if words else _rendered(message.template, values)
        subject, _, body = text.partition("\n")
    mail["Subject"] = " ".join(subject.split())
    congress = values["congress"]  # None of what is about an account
    mail["From"] = _named(congress.names.text(message.language) if congress else "Congress", sender)
    mail["To"] = Address(username=user, domain=host)
    mail["Date"] = format_datetime(message.queued_at)
    mail["Message-ID"] = f"<{_UNSAFE.sub('-', message.key)}.{message.queued_at:%Y%m%d%H%M%S}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in said.headers.items():
        mail[name] = value
    mail.set_content(body.lstrip("\n"), cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    _add_calendars(mail, said.files)
    mail["Content-Language"] = message.language  # setting the content clears what was said of it before
    return mail


def example(template: str, values: Mapping[str, Any], language: str) -> str:
    """A mail of these values as plain text, its subject first, in the words in which it would leave now."""
    with speaking(language, values["congress"].kind):
        said = {**values, "lang": language}
        words = mail_texts.own_words(values["congress"], template, language)
        return (in_words(words, said, template) if words else _rendered(template, said))[0]


def _rendered(template: str, values: Mapping[str, Any]) -> tuple[str, str]:
    text = render_template(f"mail/{template}.txt", **values)
    return text, render_template(f"mail/{template}.html", **values, subject=text.partition("\n")[0])


def in_words(words: Words, values: Mapping[str, Any], template: str) -> tuple[str, str]:
    """Text, its subject first, and HTML of a mail in words of the organisers. The language is spoken already."""
    stand = mail_texts.values_of(values, template)
    subject = wording.fill_line(words.subject, stand)
    text = render_template("mail/own_words.txt", **values, subject=subject, body=wording.fill(words.body, stand))
    marked_up = Markup(wording.to_html(words.body, stand))  # noqa: S704  (escaped there)
    return text, render_template("mail/own_words.html", **values, subject=subject, body=marked_up)


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


def carrier(post: carriers.Post | None) -> Callable[[Message], None]:
    """What delivers one message, through this mail server or as a file under the instance folder where there is none."""

    def carry(message: Message) -> None:
        begin_writing()
        try:
            mail = compose(message)
        except outbox.NotWanted:
            db.session.commit()  # what it has told by saying nothing
            raise
        name = f"{message.id:06d}-{message.template}"
        db.session.commit()  # links that were issued for this mail, and what it tells
        if post is not None:
            post.send(mail)
        else:
            carriers.write_to_folder(Path(current_app.instance_path) / "mail", name, mail)

    return carry


def deliver_due(app: Flask, *, is_ending: Callable[[], bool] = lambda: False) -> int:
    """Deliver what is due, over one connection to the mail server; how many messages left."""
    with app.app_context():
        url = app.config["SMTP_URL"]
        post = carriers.Post(url, bounces=app.config["MAIL_BOUNCES"]) if url else None
        try:
            return outbox.deliver_due(carrier(post), now=now(), is_ending=is_ending)
        finally:
            if post is not None:
                post.close()
