"""The mails that organisers may word themselves: their placeholders, our words for them, and an example."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext

from congress.congresses.models import Congress
from congress.core.localised import Localised
from congress.outbox import texts
from congress.web import filters, links
from congress.web.language import speaking
from congress.web.mail_parts import Words

ALWAYS = ("congress", "congress_long", "days", "contact")  # in every mail
PLACEHOLDERS = {
    "category": lazy_gettext("in which capacity the person takes part"),
    "person": lazy_gettext("given and family name of the person"),
    "name": lazy_gettext("name of the contact; may be empty"),
    "city": lazy_gettext("city; empty for people of no city"),
    "congress": lazy_gettext("short name of the congress"),
    "congress_long": lazy_gettext("full name of the congress"),
    "days": lazy_gettext("days of the congress"),
    "contact": lazy_gettext("mail address of the organisers"),
    "personal_link": lazy_gettext("the person’s own secret link"),
    "calendar_link": lazy_gettext("secret address of the person’s calendar"),
    "events_link": lazy_gettext("page of the public events"),
    "link": lazy_gettext("secret link of the city’s delegation"),
    "until": lazy_gettext("until when the place is kept"),
    "number_in_queue": lazy_gettext("number on the waiting list"),
    "why": lazy_gettext("the reason that was given; may be empty"),
    "most": lazy_gettext("places for the city"),
    "progress": lazy_gettext("how far the city has come, as a sentence"),
    "programme": lazy_gettext("the person’s programme as a list"),
    "changes": lazy_gettext("what has changed, as a list"),
    "number_of_changes": lazy_gettext("how many changes there are"),
}
_PARTIALS = {"programme": "_programme", "changes": "_changes", "progress": "_delegation_progress"}
_NUMBERS = {"number_in_queue": 900_001, "most": 900_002, "number_of_changes": 900_003}  # stand for theirs in our_words
_SECRET = re.compile(r"(?<![a-z2-7])[a-z2-7]{32}(?![a-z2-7])")  # a token as core.tokens derives it
_WITH_FILE = ("registration_received", "registration_confirmed")


@dataclass(frozen=True)
class Editable:
    """A mail that may be worded anew: what it is, and its placeholders beside those of every mail."""

    label: Any
    names: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        return (*self.names, *ALWAYS)


_LINKED = ("person", "city", "personal_link")
_OF_CITY = ("name", "city", "link", "most")
EDITABLE = {
    "registration_started": Editable(lazy_gettext("Registration begun"), _LINKED),
    "registration_received": Editable(lazy_gettext("Registration received"), (*_LINKED, "calendar_link", "programme")),
    "registration_again": Editable(lazy_gettext("Registered already"), (*_LINKED, "calendar_link")),
    "registration_confirmed": Editable(lazy_gettext("Registration confirmed"), (*_LINKED, "calendar_link", "programme")),
    "registration_waiting": Editable(lazy_gettext("On the waiting list"), (*_LINKED, "number_in_queue")),
    "registration_offered": Editable(lazy_gettext("A place is offered"), (*_LINKED, "until")),
    "registration_offer_ended": Editable(lazy_gettext("The offer has ended"), ("person", "city")),
    "registration_rejected": Editable(lazy_gettext("Registration not accepted"), ("person", "city", "why", "events_link")),
    "registration_withdrawn": Editable(lazy_gettext("Registration withdrawn"), ("person", "city")),
    "programme_changed": Editable(lazy_gettext("The programme has changed"), (*_LINKED, "changes", "number_of_changes")),
    "delegation_invited": Editable(lazy_gettext("Invitation of a city"), _OF_CITY),
    "delegation_reminded": Editable(lazy_gettext("Reminder to a city"), (*_OF_CITY, "progress")),
    "delegation_link": Editable(lazy_gettext("New link of a delegation"), _OF_CITY),
    "delegation_handed_over": Editable(lazy_gettext("Delegation handed over"), _OF_CITY),
}


def masked(text: str) -> str:
    """A text of a mail without the secrets of its links: who looks after mails must not open other people's pages."""
    return _SECRET.sub("…", text)


def own_words(congress: Congress, template: str, language: str) -> Words | None:
    """The congress's own words for a mail; None where ours hold."""
    text = texts.find_text(congress.id, template, language) if template in EDITABLE else None
    return Words(text.subject, text.body) if text else None


def values_of(said: Mapping[str, Any]) -> dict[str, str]:
    """What stands for each placeholder, from the values of a mail's template, in the language that is spoken."""
    congress: Congress = said["congress"]
    found = {name: str(value) for name, value in said.items() if isinstance(value, str | int)}
    found |= {name: value.text(_language(said)) for name, value in said.items() if isinstance(value, Localised)}
    if "person" in said:
        found["person"] = said["person"].name
    if "registration" in said:
        city = said["registration"].delegate.city
        found["city"] = filters.text(city.names) if city else ""
    for name, partial in _PARTIALS.items():
        if name in said:
            found[name] = render_template(f"mail/{partial}.txt", **said).strip("\n")
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
        "progress": types.SimpleNamespace(named=0, drafts=0),
        "changes": range(_NUMBERS["number_of_changes"]),
        "files": [None] if template in _WITH_FILE else [],
        "lang": language,
        "is_draft": True,  # without what a list or the signature would say
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
        until = filters.moment(datetime.combine(congress.starts_on, time(12), congress.zone), congress.zone)
    first = "Tuesday 12 June 2018, 09:00–10:00" if language != "pl" else "wtorek, 12 czerwca 2018 r., 09:00–10:00"
    values = {
        "person": "Maria Rossi", "name": "Maria Rossi", "city": "Fabriano", "personal_link": f"{site}/my/registration/…/",
        "calendar_link": f"{site}/my/calendar/…/{congress.slug}.ics", "events_link": f"{site}/{congress.slug}/events/",
        "link": f"{site}/my/delegation/…/", "until": until, "number_in_queue": "3", "why": "…", "most": "3", "progress": "…",
        "programme": f"* {first}\n  …", "changes": f"* …\n  {first}", "number_of_changes": "2",
    }  # fmt: skip
    return always | {name: values[name] for name in EDITABLE[template].names}
