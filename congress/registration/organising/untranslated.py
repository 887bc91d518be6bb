"""What of a congress is written in some of its languages only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from congress.congresses.models import Congress
from congress.core.languages import LANGUAGES
from congress.core.localised import Localised, missing
from congress.outbox import texts
from congress.programme import queries as programme
from congress.programme.documents import queries as documents
from congress.programme.offerings import queries as offerings
from congress.programme.people import queries as people
from congress.programme.vocabulary import OfferingState
from congress.registration.questions import queries as questions
from congress.registration.questions.models import Question


class Of(StrEnum):
    """Whose text it is."""

    CONGRESS = "congress"
    ITEM = "item"
    DOCUMENT = "document"
    SPEAKER = "speaker"
    OFFERING = "offering"
    VENUE = "venue"
    ROOM = "room"
    QUESTION = "question"
    MAIL = "mail"


@dataclass(frozen=True)
class Gap:
    """Something with texts that lack in these languages. ``key`` is what its form is found by, ``note`` tells two of one name apart."""

    of: Of
    key: str
    names: Localised
    languages: tuple[str, ...]
    note: str = ""


def gaps(congress: Congress) -> list[Gap]:
    """All that lacks a translation, by kind, in the order in which its lists show it."""
    return [
        *_congress(congress), *_items(congress), *_documents(congress), *_speakers(congress), *_offerings(congress),
        *_places(congress), *_questions(congress), *_mails(congress),
    ]  # fmt: skip


def counts(found: Iterable[Gap], languages: Iterable[str]) -> dict[str, int]:
    """In how many of these each language lacks."""
    number = Counter(language for gap in found for language in gap.languages)
    return {language: number[language] for language in languages}


def _gap(of: Of, key: object, names: Localised, lacking: tuple[str, ...], note: str = "") -> Iterator[Gap]:
    if lacking:
        yield Gap(of, str(key), names, lacking, note)


def _congress(congress: Congress) -> Iterator[Gap]:
    names = (congress.names, congress.long_names, congress.themes)
    texts = (congress.descriptions, congress.press_offices, congress.photo_terms)
    lacking = missing(congress.languages, *names, *texts)
    yield from _gap(Of.CONGRESS, congress.slug, congress.names, lacking)


def _items(congress: Congress) -> Iterator[Gap]:
    """The same as the conflicts of this kind: those that take place, once each."""
    for item in programme.items_that_take_place(congress):
        yield from _gap(Of.ITEM, item.code, item.titles, missing(congress.languages, item.titles, item.descriptions), item.code)


def _documents(congress: Congress) -> Iterator[Gap]:
    for document, code in documents.newest(congress):
        yield from _gap(Of.DOCUMENT, document.id, document.titles, missing(congress.languages, document.titles), code)


def _speakers(congress: Congress) -> Iterator[Gap]:
    """A speaker need not tell anything; what is told in one language lacks in the others."""
    for speaker in people.speakers(congress):
        lacking = missing(congress.languages, congress.languages, speaker.functions, speaker.biographies)
        yield from _gap(Of.SPEAKER, speaker.id, Localised(en=speaker.name), lacking)


def _offerings(congress: Congress) -> Iterator[Gap]:
    """Only those that were chosen are shown to anybody."""
    for offering in offerings.offerings(congress, OfferingState.CHOSEN):
        lacking = missing(congress.languages, offering.titles, offering.descriptions)
        yield from _gap(Of.OFFERING, offering.id, offering.titles, lacking)


def _places(congress: Congress) -> Iterator[Gap]:
    for venue in programme.venues(congress):
        yield from _gap(Of.VENUE, venue.id, venue.names, missing(congress.languages, venue.names, venue.directions))
    for room in programme.rooms(congress):
        note = room.venue.names.text("en")
        yield from _gap(Of.ROOM, room.id, room.names, missing(congress.languages, room.names), note)


def _questions(congress: Congress) -> Iterator[Gap]:
    for question in questions.questions(congress):
        yield from _gap(Of.QUESTION, question.id, question.labels, _of_question(question, congress.languages), question.code)


def _of_question(question: Question, languages: Collection[str]) -> tuple[str, ...]:
    offered = [each["labels"] for each in question.choices if not each.get("is_retired")]
    lacking = missing(languages, question.labels, question.helps)
    return tuple(each for each in languages if each in lacking or any(each not in labels for labels in offered))


def _mails(congress: Congress) -> Iterator[Gap]:
    """Where the congress has words of its own in one language, ours go out in the others."""
    written: dict[str, set[str]] = {}
    for template, language in texts.texts(congress.id):
        written.setdefault(template, set()).add(language)
    spoken = [each for each in congress.languages if each in LANGUAGES]
    for template, languages in sorted(written.items()):
        yield from _gap(Of.MAIL, template, Localised(), missing(spoken, languages))
