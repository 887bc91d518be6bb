"""Mails that organisers write to many: what one says, three samples before it is sent, and sending it once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.core.localised import Localised
from congress.core.tokens import digest
from congress.delegates import queries as delegates
from congress.delegates import services as delegations
from congress.delegates.models import Delegation
from congress.outbox import services as outbox
from congress.outbox import texts
from congress.outbox.models import Mailing, Message
from congress.outbox.services import Letter, NotWanted
from congress.registration import queries as registrations
from congress.registration.organising.audiences import Audience, Reader
from congress.web import filters, links, mail_registrations
from congress.web.mail_parts import Content, Mail, Words

TEMPLATE = "bulk"
FIELD = "field"  # beside the audiences: a coordinator writes to cities of the own field
# Placeholders beside those of every mail. A coordinator's mail has no secret link: answers, which quote it, go to the coordinator.
KNOWN: dict[str, tuple[str, ...]] = {
    Audience.REGISTRATIONS: ("person", "city", "category", "personal_link"),
    Audience.DELEGATIONS: ("name", "city", "link", "most"),
    FIELD: ("name", "city", "most"),
}


@dataclass(frozen=True)
class Draft:
    """A mail to many that is being written. ``answers_to`` is the address of the coordinator of ``field`` who writes it; else empty."""

    subjects: Localised
    bodies: Localised
    field: str = ""
    answers_to: str = ""

    def words(self, language: str) -> Words:
        """In this language, or, where it was not written in it, in another one."""
        return Words(self.subjects.text(language), self.bodies.text(language))


def content_for(draft: Draft, facts: Mapping[str, object], language: str) -> Content:
    """What one reader gets. Raises NotWanted."""
    if "registration" in facts:
        registration = registrations.get_registration(int(str(facts["registration"])))
        if not registration.is_live:
            raise NotWanted("the registration has ended")
        category = filters.label(registration.delegate.category, "category")
        return Content({**mail_registrations.with_link(registration), "category": category}, words=draft.words(language))
    delegation = delegates.get_delegation(int(str(facts["delegation"])))
    if delegation.is_revoked:
        raise NotWanted("the link was revoked")
    values = {
        "congress": delegation.congress, "city": delegation.city.names, "name": str(facts["name"]), "most": delegation.most,
    }  # fmt: skip
    if not draft.answers_to:
        return Content({**values, "link": _link_of(delegation)}, words=draft.words(language))
    # Where an address is no ASCII, the sentence under the text has to do: not every server takes such a head.
    headers = {"Reply-To": draft.answers_to} if draft.answers_to.isascii() else {}
    by = {"field": filters.label(draft.field, "field"), "address": draft.answers_to}
    return Content({**values, "written_by": by}, headers=headers, words=draft.words(language))


def _link_of(delegation: Delegation) -> str:
    token = delegations.link_token(delegation, current_app.config["SECRET_KEY"])
    return links.absolute("my.delegation.show", token=token)


def _content(message: Message) -> Content:
    mailing = db.session.get_one(Mailing, message.facts["mailing"])
    field = mailing.audience.get("field", "") if mailing.audience.get("to") == FIELD else ""
    draft = Draft(mailing.subjects, mailing.bodies, field, mailing.queued_by if field else "")
    return content_for(draft, message.facts, message.language)


CONTENTS = {
    TEMPLATE: Mail(
        _content, lazy_gettext("Mail to many"), fixed=lazy_gettext("You write each of them anew, for those who get it.")
    )
}


def fingerprint(draft: Draft, readers: Sequence[Reader]) -> str:
    """Names exactly these words to exactly these readers: what is sent must be what the preview showed."""
    said = repr((draft.subjects, draft.bodies, [(each.about, each.email, each.language) for each in readers]))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def samples(readers: Sequence[Reader]) -> list[Reader]:
    """The first, the middle and the last one; one in another language among them where there is one."""
    if len(readers) <= 3:
        return list(readers)
    chosen = [readers[0], readers[len(readers) // 2], readers[-1]]
    others = [each for each in readers if each.language != chosen[0].language]
    if others and all(each.language == chosen[0].language for each in chosen):
        chosen[1] = others[0]
    return chosen


def day_of(congress: Congress, field: str, now: datetime) -> str:
    """Names the day on which a city gets one mail of a field's coordinators, and no more."""
    return f"field-{congress.id}-{field}-{now.astimezone(congress.zone):%Y-%m-%d}"


def not_yet_written(readers: Sequence[Reader], once: str) -> list[Reader]:
    """Those of the readers who got nothing yet on this occasion."""
    known = {message.key for message in outbox.messages(_key(once, each) for each in readers)}
    return [each for each in readers if _key(once, each) not in known]


def _key(once: str, reader: Reader) -> str:
    return f"{once}-{reader.about.replace(':', '-')}-{digest(reader.email.lower())[:12]}"


def send(
    congress: Congress, draft: Draft, readers: Sequence[Reader], *, key: str, audience: Mapping[str, str], by: str, now: datetime,
    once: str = "",
) -> int:  # fmt: skip
    """Queue one message for each reader; how many there are. The same form a second time queues nothing more.

    ``once`` names an occasion on which nobody gets more than one mail, whoever writes it.
    """
    lock(congress)
    sent = texts.find_mailing(key)
    if sent is not None:
        return sent.number
    readers = not_yet_written(readers, once) if once else readers
    mailing = texts.new_mailing(
        congress.id, key=key, subjects=draft.subjects, bodies=draft.bodies, audience=audience, number=len(readers), by=by, now=now
    )
    letters = [
        Letter(
            key=_key(once, each) if once else f"mailing-{mailing.id}-{each.about.replace(':', '-')}-{place}", to=each.email, template=TEMPLATE,
            language=each.language, facts={**each.facts, "mailing": mailing.id}, congress=congress.id, about=each.about,
        )
        for place, each in enumerate(readers)
    ]  # fmt: skip
    outbox.enqueue_all(letters, now=now)
    return len(letters)
