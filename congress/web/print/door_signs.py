"""Door signs: what is on behind this door today, large, in all languages of the congress."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.kept import Kept
from congress.core.languages import LANGUAGES
from congress.core.localised import Localised
from congress.core.text import first_upper
from congress.programme.entries import Entry
from congress.programme.sheets import Use
from congress.web import filters, pdf
from congress.web.language import speaking
from congress.web.print import typography, wording
from congress.web.print.rooms import Leaf

_set: Kept[bytes] = Kept(20_000_000, weigh=len)  # by all that they say


def is_on_a_door(use: Use) -> bool:
    """Only what is listed and takes place stands on a door."""
    return use.entry.is_listed and not use.entry.is_cancelled


def door_signs(congress: Congress, leaves: Iterable[Leaf], *, state: str, now: datetime) -> bytes:
    """A4 across, each room on each day on pages of its own; ``state`` says of what programme, for whoever changes the signs."""
    said = facts(congress, leaves, state=state)
    return _set.get(json.dumps(said), lambda: pdf.pdf("print/door_signs.typ", said, made_at=now))


def facts(congress: Congress, leaves: Iterable[Leaf], *, state: str) -> dict[str, Any]:
    """What the signs say."""
    languages = [code for code in congress.languages if code in LANGUAGES] or ["en"]
    return wording.shared(
        {
            "title": str(_("Door signs")),
            "congress": _each(congress.names, languages)[0],
            "state": wording.line(state),
            "pages": [_page(leaf, congress, languages) for leaf in leaves],
        }
    )


def _page(leaf: Leaf, congress: Congress, languages: list[str]) -> dict[str, Any]:
    place = leaf.place
    names = _each(place.room_names, languages) or _each(place.venue_names, languages)
    return {
        "names": names,
        "houses": _each(place.venue_names, languages) if place.room else [],
        "days": _in_each(languages, lambda: first_upper(filters.day_of_week(leaf.day))),
        "items": [_item(use, congress, languages) for use in leaf.uses],
    }


def _item(use: Use, congress: Congress, languages: list[str]) -> dict[str, Any]:
    entry = use.entry
    titles = _each(entry.titles, languages)
    return {
        "time": " / ".join(_in_each(languages, lambda: wording.time(entry, congress.zone))),
        "titles": titles,
        "field": _field(entry, languages),
        "audience": "" if entry.is_public else " / ".join(_in_each(languages, lambda: wording.audience(entry))),
        "whole": sum(map(len, titles)) < wording.LONG // 2,
    }


def _field(entry: Entry, languages: list[str]) -> dict[str, str] | None:
    said = wording.field(entry)
    names = _in_each(languages, lambda: (wording.field(entry) or {}).get("name", ""))
    return said and {**said, "name": " / ".join(names)}


def _in_each(languages: Iterable[str], say: Callable[[], str]) -> list[str]:
    """What is said in each language, the same words once."""
    found = []
    for language in languages:
        with speaking(language):
            found.append(say())
    return list(dict.fromkeys(found))


def _each(texts: Localised, languages: Iterable[str]) -> list[str]:
    """A text in each language, the same words once."""
    return [text for text in dict.fromkeys(typography.line(texts.text(language), language) for language in languages) if text]
