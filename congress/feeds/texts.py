"""What an entry says in words: title, place and description, as plain text and as HTML. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from congress.core.text import first_upper
from congress.feeds import lines
from congress.programme.entries import Entry, Place

_BETWEEN_LANGUAGES = "———"

_LINK = re.compile(r"(https?://[^\s\"&]*(?:&amp;[^\s\"&]*)*(?<![.,;:!?()]))")  # in HTML, without the stop of a sentence


@dataclass(frozen=True, eq=False)
class Words:
    """The words of one feed in the reader's language; ``language`` chooses the texts of the entries."""

    language: str
    cancelled: str
    draft: str
    provisional: str
    to_be_confirmed: str
    open_end: str
    with_people: str
    chair: str
    spoken: str  # before the languages
    interpretation: str
    admission: str
    places: str
    organiser: str
    website: str
    stream: str  # a live stream that anybody may watch
    room: str  # the online room of those who take part
    directions: str
    map: str
    kinds: dict[str, str]
    fields: dict[str, str]
    audiences: dict[str, str]
    ticketing: dict[str, str]
    languages: dict[str, str]


class Spot(NamedTuple):
    """A place in the words of one language. Many entries share one, so what is said of it is kept."""

    room: str
    venue: str
    address: str
    city: str
    other_city: str
    directions: str
    latitude: float | None
    longitude: float | None

    @property
    def location(self) -> str:
        """“Room, venue, address, city”, each said once."""
        cities = " – ".join(filter(None, (self.city, self.other_city)))
        venue = "" if self.address.startswith(self.venue) else self.venue
        parts = (self.room, venue, self.address, "" if cities in self.address else cities)
        return ", ".join(part for part in dict.fromkeys(parts) if part)


def spot(place: Place, language: str) -> Spot:
    return Spot(
        place.room_names.text(language),
        place.venue_names.text(language),
        place.address,
        place.city_names.text(language),
        place.other_city_names.text(language),
        place.directions.text(language),
        place.latitude,
        place.longitude,
    )


def summary(entry: Entry, *words: Words, is_draft: bool = False) -> str:
    """The title on one line, in each language once; a cancelled entry says so, since not every program shows the status."""
    said = _once([" ".join(entry.titles.text(each.language).split()) or entry.code for each in words])
    if entry.is_cancelled:
        said = f"{_once([each.cancelled for each in words])}: {said}"
    return f"{_once([each.draft for each in words])}: {said}" if is_draft else said


def _once(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else " / ".join(dict.fromkeys(texts))


def location(entry: Entry, language: str) -> str:
    """“Room, venue, address, city”, each said once."""
    return spot(entry.place, language).location


def link(entry: Entry, *, is_personal: bool) -> str:
    """Where something is that is only online, for LOCATION: programs let people press a link there."""
    return (is_personal and entry.join_url) or entry.stream_url


def description(entry: Entry, words: Words | Sequence[Words], url: str, *, is_personal: bool = False) -> str:
    """Plain text, in one language after the other: what it is, who is in it, for whom, how to get there, the page at the end."""
    told: list[str] = []
    for each in (words,) if isinstance(words, Words) else words:
        if told:
            told.append(_BETWEEN_LANGUAGES)
        told += _in_one_language(entry, each, is_personal)
    told.append(url)
    return "\n\n".join(told)


def html(description: str) -> str:
    """A description as the HTML that Outlook shows, links to be pressed."""
    pieces = _LINK.split(description.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    pieces[1::2] = [f'<a href="{each}">{each}</a>' for each in pieces[1::2]]
    said = "".join(pieces).replace("\n\n", "<p>").replace("\n", "<br>")
    return f"<html><body><p>{said}</body></html>"


def _in_one_language(entry: Entry, words: Words, is_personal: bool) -> list[str]:
    """Paragraphs, none of them empty."""
    provisional = words.provisional if entry.is_plausible else ""
    about = _about(entry.kind, entry.field, entry.audience, provisional, entry.languages, entry.interpretation, words)
    if entry.type == "event":
        about += _of_an_event(entry, words)
    found = [
        entry.descriptions.text(words.language),
        _people(entry, words) if entry.people else "",
        "\n".join(about),
        f"{words.stream}: {entry.stream_url}" if entry.stream_url else "",
        f"{words.room}: {entry.join_url}" if entry.join_url and is_personal else "",
        _way(spot(entry.place, words.language), words),
    ]
    if not entry.is_confirmed_time:
        found.append(words.to_be_confirmed)
    elif entry.ends_at is None and entry.is_timed:
        found.append(words.open_end)
    return [each for each in found if each]


def _people(entry: Entry, words: Words) -> str:
    chairs = "; ".join([name for part, name in entry.people if part == "chair"])
    others = "; ".join([name for part, name in entry.people if part != "chair"])
    said = [f"{words.chair}: {chairs}"] if chairs else []
    return "\n".join([*said, f"{words.with_people}: {others}"] if others else said)


@lru_cache(maxsize=1024)
def _about(
    kind: str,
    field: str,
    audience: str,
    provisional: str,
    languages: tuple[str, ...],
    interpretation: tuple[str, ...],
    words: Words,
) -> tuple[str, ...]:
    """“Workshop · Music · delegates only”, that it is provisional, “Languages: English, Polish; interpretation: French”."""
    labels = (words.kinds.get(kind), words.fields.get(field), words.audiences.get(audience))
    spoken = [
        f"{label}: {', '.join([words.languages.get(code, code) for code in codes])}"
        for label, codes in ((words.spoken, languages), (words.interpretation, interpretation))
        if codes
    ]
    lines_ = [" · ".join(dict.fromkeys([label for label in labels if label])), provisional, first_upper("; ".join(spoken))]
    return tuple([line for line in lines_ if line])


def _of_an_event(entry: Entry, words: Words) -> tuple[str, ...]:
    found = [
        (words.admission, words.ticketing.get(entry.ticketing) if entry.ticketing != "unknown" else ""),
        (words.places, entry.places),
        (words.organiser, entry.organiser),
        (words.website, entry.website),
    ]
    return tuple([f"{label}: {value}" for label, value in found if value])


@lru_cache(maxsize=1024)
def _way(spot: Spot, words: Words) -> str:
    """How to get there, and a map."""
    found = [f"{words.directions}: {spot.directions}"] if spot.directions else []
    if spot.latitude is not None and spot.longitude is not None:
        latitude, longitude = lines.degrees(spot.latitude), lines.degrees(spot.longitude)
        point = f"?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
        found.append(f"{words.map}: https://www.openstreetmap.org/{point}")
    return "\n".join(found)
