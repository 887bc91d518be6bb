"""The mails that organisers may word themselves: their placeholders, our words for them, and an example."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext

from congress.congresses.models import Congress
from congress.core.localised import Localised
from congress.outbox import texts
from congress.web import filters, links
from congress.web.language import speaking
from congress.web.mail_contents import CONTENTS, EDITABLE
from congress.web.mail_parts import Words

PLACEHOLDERS = {
    "category": lazy_gettext("in which capacity the person takes part"),
    "person": lazy_gettext("given and family name of the person"),
    "name": lazy_gettext("name of the reader; may be empty"),
    "email": lazy_gettext("the person’s mail address"),
    "city": lazy_gettext("city; empty for people of no city"),
    "congress": lazy_gettext("short name of the congress"),
    "congress_long": lazy_gettext("full name of the congress"),
    "days": lazy_gettext("days of the congress"),
    "contact": lazy_gettext("mail address of the organisers"),
    "personal_link": lazy_gettext("the person’s own secret link"),
    "calendar_link": lazy_gettext("secret address of the person’s calendar"),
    "events_link": lazy_gettext("page of the public events"),
    "sessions_link": lazy_gettext("the person’s own page of sessions"),
    "event_link": lazy_gettext("page of the event"),
    "link": lazy_gettext("secret link of what the e-mail is about: delegation, sign-up or newsletter"),
    "until": lazy_gettext("until when the place is kept"),
    "number_in_queue": lazy_gettext("number on the waiting list"),
    "why": lazy_gettext("the reason that was given; may be empty"),
    "closes": lazy_gettext("until when people can register, as a sentence; may be empty"),
    "most": lazy_gettext("places for the city"),
    "headline": lazy_gettext("what it is about, in a few words, for the subject"),
    "progress": lazy_gettext("how far the city has come, as sentences"),
    "missing": lazy_gettext("what the person still has to fill in, as a sentence; may be empty"),
    "standing": lazy_gettext("whose place the person takes, and whether it is confirmed, as sentences; may be empty"),
    "people_named": lazy_gettext("who is in the delegation, and who of them is on the waiting list, as sentences"),
    "answer": lazy_gettext("the coordinator’s answer, as a sentence"),
    "title": lazy_gettext("title of the session or event"),
    "document": lazy_gettext("title of the document"),
    "times": lazy_gettext("when and where the session is"),
    "event": lazy_gettext("title of the event, when and where it is"),
    "people": lazy_gettext("for how many people, as a sentence"),
    "state": lazy_gettext("state of the sign-up"),
    "what_happened": lazy_gettext("whether the event has changed or was cancelled, as a sentence"),
    "what_to_do": lazy_gettext("what the reader has to do, and until when, as sentences"),
    "event_changes": lazy_gettext("the event’s new times and places, as a list"),
    "programme": lazy_gettext("the person’s programme as a list"),
    "changes": lazy_gettext("what has changed, as a list"),
    "changed": lazy_gettext("the city before and now, and what leaves the programme, as a list"),
    "how_much": lazy_gettext("how much has changed, as a sentence"),
    "number_of_changes": lazy_gettext("how many changes there are"),
}
_SECRET = re.compile(r"(?<![a-z2-7])[a-z2-7]{32}(?![a-z2-7])")  # a token as core.tokens derives it
_NUMBERS = {"number_in_queue": 900_001, "most": 900_002, "number_of_changes": 900_003}  # stand for theirs in our_words
_WITH_FILE = ("registration_received", "registration_confirmed")


def masked(text: str) -> str:
    """A text of a mail without the secrets of its links: who looks after mails must not open other people's pages."""
    return _SECRET.sub("…", text)


def own_words(congress: Congress, template: str, language: str) -> Words | None:
    """The congress's own words for a mail; None where ours hold."""
    text = texts.find_text(congress.id, template, language) if template in EDITABLE else None
    return Words(text.subject, text.body) if text else None


def values_of(said: Mapping[str, Any], template: str = "") -> dict[str, str]:
    """What stands for each placeholder of a mail, from the values of its template, in the language that is spoken."""
    congress: Congress = said["congress"]
    found = {name: str(value) for name, value in said.items() if isinstance(value, str | int)}
    found |= {name: value.text(_language(said)) for name, value in said.items() if isinstance(value, Localised)}
    if "person" in said:
        found["person"] = said["person"].name
    if "registration" in said:
        city = said["registration"].delegate.city
        found["city"] = filters.text(city.names) if city else ""
    for name, part in (CONTENTS[template].parts if template else {}).items():
        found[name] = render_template(f"mail/{part}.txt", **said).strip("\n")
    if "changes" in said:
        found["number_of_changes"] = str(len(said["changes"]))
    return found | {
        "congress": filters.text(congress.names),
        "congress_long": filters.text(congress.long_names),
        "days": filters.days(congress),
        "contact": congress.contact_email,
    }


def _language(said: Mapping[str, Any]) -> str:
    return str(said["lang"])


def our_words(congress: Congress, template: str, language: str) -> Words:
    """Our own words for a mail, with placeholders where its values stand, for those who want to change a part of them.

    Found by rendering our template with the placeholders for values; numbers, which sentences count with, stand in for theirs.
    """
    names = Localised(en="{congress}", pl="{congress}")
    hosting = types.SimpleNamespace(
        names=names, long_names=Localised(en="{congress_long}", pl="{congress_long}"), contact_email="{contact}",
        timezone=congress.timezone, zone=congress.zone, registration_closes_at=None,
    )  # fmt: skip
    values: dict[str, Any] = {name: f"{{{name}}}" for name in EDITABLE[template].names} | _NUMBERS
    values |= {
        "congress": hosting,
        "person": types.SimpleNamespace(name="{person}"),
        "city": Localised(en="{city}", pl="{city}"),
        "registration": types.SimpleNamespace(submitted_at=congress.starts_on),
        "changes": range(_NUMBERS["number_of_changes"]),
        "files": [None] if template in _WITH_FILE else [],
        "lang": language,
        "is_draft": True,  # without what a part or the signature would say
    }
    with speaking(language):
        said = render_template(f"mail/{template}.txt", **values)
    for name, number in _NUMBERS.items():
        said = said.replace(str(number), f"{{{name}}}")
    subject, _newline, body = said.partition("\n")
    return Words(" ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body).strip())


def examples(congress: Congress, template: str, language: str) -> dict[str, str]:
    """Values of somebody who does not exist, with dots instead of what is secret."""
    site = links.site_url()
    with speaking(language):
        always = values_of({"congress": congress, "lang": language})
        first = f"{filters.day(congress.starts_on)}, 09:00–10:00"
        until = filters.moment(datetime.combine(congress.starts_on, time(12), congress.zone), congress.zone)
    values = {
        "person": "Maria Rossi", "name": "Maria Rossi", "city": "Fabriano", "personal_link": f"{site}/my/registration/…/",
        "calendar_link": f"{site}/my/calendar/…/{congress.slug}.ics", "events_link": f"{site}/{congress.slug}/events/",
        "link": f"{site}/my/delegation/…/", "until": until, "number_in_queue": "3", "why": "…", "most": "3", "closes": "…", "progress": "…", "missing": "…", "people_named": "…",
        "email": "maria.rossi@fabriano.example", "category": "…", "sessions_link": f"{site}/my/registration/…/sessions/",
        "event_link": f"{site}/{congress.slug}/events/…/", "headline": "…", "standing": "…", "answer": "…", "title": "…", "document": "…",
        "times": f"* {first}\n  …", "event": f"…\n* {first}", "people": "…", "state": "…", "what_happened": "…",
        "what_to_do": "…", "event_changes": f"* …: {first}",
        "programme": f"* {first}\n  …", "changes": f"* …\n  {first}", "number_of_changes": "2", "how_much": "…", "changed": "…",
    }  # fmt: skip
    return always | {name: values[name] for name in (*EDITABLE[template].names, *EDITABLE[template].parts)}
