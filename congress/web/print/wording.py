"""Parts of an entry in words, as print shows them, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.text import first_upper
from congress.networks.vocabulary import FIELD_LABELS, Field
from congress.programme.entries import Entry
from congress.programme.queries import Programme
from congress.programme.vocabulary import KIND_LABELS
from congress.web import filters
from congress.web.language import chosen_language, chosen_locale
from congress.web.print import pictures, typography

LONG = 900  # characters; what is longer may run on to the next page


def line(text: str) -> str:
    """One line in the language that is spoken, as it is set."""
    return typography.line(text, chosen_language())


def time(entry: Entry, zone: ZoneInfo) -> str:
    """“09:00–10:30”, “09:00”, or in words."""
    if entry.starts_at is not None:
        start = filters.clock(entry.starts_at, zone)
        return f"{start}–{filters.clock(entry.ends_at, zone)}" if entry.ends_at else start
    return str(_("all day") if entry.is_confirmed_time else _("time to be confirmed"))


def unsure(entry: Entry) -> str:
    """That the organisers have not confirmed all details of the item, as its page says; empty where they have."""
    return str(_("Provisional")) if entry.is_plausible and not entry.is_cancelled else ""


def place(entry: Entry) -> str:
    """House, room and city; for a transfer from where to where."""
    return line(filters.where(entry))


def field(entry: Entry) -> dict[str, str] | None:
    """Sign, name and colour of the creative field, never the colour alone."""
    if not entry.field:
        return None
    return {"code": entry.field, "name": str(FIELD_LABELS[Field(entry.field)]), "colour": pictures.COLOURS[Field(entry.field)]}


def kind(entry: Entry) -> str:
    return first_upper(str(KIND_LABELS[entry.kind]))  # type: ignore[index]


def audience(entry: Entry) -> str:
    """For whom it is."""
    return first_upper(filters.who_may_come(entry))


def languages(codes: Iterable[str]) -> str:
    """Names of languages: “English, Polish”."""
    names = Locale.parse(chosen_locale()).languages
    return ", ".join(names.get(code, code) for code in codes)


def spoken(entry: Entry) -> str:
    """In which languages it is, and into which it is interpreted; empty where nobody has said."""
    said = []
    if entry.languages:
        said.append(str(_("Languages: %(names)s", names=languages(entry.languages))))
    if entry.interpretation:
        said.append(str(_("Interpretation: %(names)s", names=languages(entry.interpretation))))
    return line("; ".join(said))


def release(programme: Programme, congress: Congress) -> str:
    """“Release 3 of 2 May 2018, 11:00”; empty before the first."""
    if programme.released_at is None:
        return ""
    moment = filters.moment(programme.released_at, congress.zone)
    return line(str(_("Release %(number)d of %(moment)s", number=programme.number, moment=moment)))


def state(programme: Programme, congress: Congress) -> str:
    """As ``release``, and that it is provisional where it is."""
    said = release(programme, congress)
    return f"{said} · {_('Provisional programme')}" if programme.is_provisional else said


def shared(facts: dict[str, Any]) -> dict[str, Any]:
    """What every printed thing says beside its own facts."""
    return {"lang": chosen_language(), "signs": pictures.signs(), **facts}
