"""``/desk/<congress>/programme-exports/``: the draft as a file, whole as a table, or as other programs want it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core import sheets_out
from congress.feeds import ical, schedule
from congress.programme import queries
from congress.programme.entries import Entry
from congress.programme.exchange import columns, tables
from congress.web import links, schedules
from congress.web.feed_words import words
from congress.web.language import LANGUAGES, chosen_language

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "xml": "application/xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}

bp = Blueprint("programme_exports", __name__, url_prefix="/<congress>/programme-exports")


@bp.get("/")
def index() -> ResponseReturnValue:
    languages = {code: LANGUAGES.get(code, code) for code in g.congress.languages}
    return render_template("desk/programme_exports/index.html", languages=languages)


@bp.get("/draft.<suffix>")
def show(suffix: str) -> ResponseReturnValue:
    if suffix not in _TYPES:
        abort(404)
    headers = {
        "Content-Disposition": f'attachment; filename="{g.congress.slug}-draft.{suffix}"',
        "Cache-Control": "private, no-store",
    }
    return Response(_WRITERS[suffix](), content_type=_TYPES[suffix], headers=headers)


def _csv() -> Iterable[bytes]:
    return list(sheets_out.csv(_rows()))  # of one transaction, which ends before the last piece would be asked for


def _xlsx() -> Iterable[bytes]:
    return list(sheets_out.xlsx(_rows(), title=_("Programme")))


def _rows() -> Iterable[list[str]]:
    rows = tables.rows(g.congress)
    names = next(rows)
    spoken = [name.rpartition("_")[2] for name in names if name.startswith("title_")]
    labels = columns.labels(spoken)
    yield [labels[name] for name in names]
    yield from rows


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in g.congress.languages and asked in LANGUAGES else chosen_language()


def _schedule(write: Callable[[dict[str, object]], bytes]) -> bytes:
    language = _language()
    latest = queries.latest_release(g.congress)
    conference, said = schedules.conference(g.congress, language), schedules.words(language)
    return write(schedule.schedule(conference, latest.number if latest else 0, queries.draft(g.congress), said))


def _ics() -> bytes:
    """Under the entries' own identities, unlike the draft calendar that one subscribes to: this is read by other systems, once."""
    congress, language = g.congress, _language()
    entries: list[Entry] = [each for each in queries.draft_with_stamps(congress) if each.starts_at or each.starts_on]
    page = links.absolute("public.programme.show", congress=congress.slug, code="CODE")
    is_regular = ical.zone_for(congress.timezone, entries) is not None
    style = ical.Style((words(language),), congress.timezone if is_regular else "", page, is_personal=True)
    head = ical.Head(
        key=f"{congress.slug}/draft file",
        name=congress.names.text(language),
        description=congress.long_names.text(language),
        timezone=congress.timezone,
        url=links.absolute("public.home.show", congress=congress.slug),
    )
    return ical.assemble(head, entries, [ical.render_entry(each, style) for each in entries])


_WRITERS: dict[str, Callable[[], bytes | Iterable[bytes]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": lambda: _schedule(schedule.to_json),
    "xml": lambda: _schedule(schedule.to_xml),
    "ics": _ics,
}
