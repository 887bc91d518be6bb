"""Which documents of sessions a person may read: by the release, by whether the person is confirmed, and by the creative field."""

from __future__ import annotations

from collections.abc import Iterable

from congress.programme.documents import queries
from congress.programme.documents.models import Document
from congress.programme.entries import Entry
from congress.programme.vocabulary import Audience
from congress.registration.models import Registration
from congress.registration.rules import Attendee

_WITHOUT_SESSIONS = frozenset({"companion", "press"})


def may_read(registration: Registration, person: Attendee, audience: Audience, code: str, entries: Iterable[Entry]) -> bool:
    """Whether the document of an item, for this audience, is for the person. What is not in the release is for nobody."""
    released = [entry for entry in entries if entry.item == code and entry.is_listed]
    if not released:
        return False
    if audience is Audience.EVERYONE:
        return True
    if not registration.is_confirmed or person.category in _WITHOUT_SESSIONS:
        return False
    if audience is Audience.FIELD:
        return bool(person.field) and released[0].field == person.field
    return audience is Audience.DELEGATES


def readable(registration: Registration, person: Attendee, entries: Iterable[Entry]) -> dict[str, list[Document]]:
    """All that the person may read, by the code of the item, in the order of the programme."""
    listed = [entry for entry in entries if entry.is_listed]
    codes = list(dict.fromkeys(entry.item for entry in listed))
    found = queries.to_read(registration.congress, frozenset(codes), (Audience.EVERYONE, Audience.DELEGATES, Audience.FIELD))
    by_code = {entry.item: [entry] for entry in reversed(listed)}
    chosen = {
        code: [each for each in found[code] if may_read(registration, person, each.audience, code, by_code[code])]
        for code in codes
        if code in found
    }
    return {code: documents for code, documents in chosen.items() if documents}
