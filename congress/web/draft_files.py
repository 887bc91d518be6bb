"""The draft of a programme as a file: whole as a table, or as other programs want it."""

from __future__ import annotations

from collections.abc import Iterator

from congress.congresses.models import Congress
from congress.core import sheets_out
from congress.feeds import ical, schedule
from congress.programme import queries
from congress.programme.exchange import columns, tables
from congress.web import links, schedules
from congress.web.feed_words import words

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "xml": "application/xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


def content(congress: Congress, suffix: str, language: str) -> bytes:
    """The file of one of ``TYPES``; tables hold every language, the others just this one."""
    if suffix == "csv":
        return b"".join(sheets_out.csv(_rows(congress)))
    if suffix == "xlsx":
        return b"".join(sheets_out.xlsx(_rows(congress), title=congress.slug))
    if suffix == "ics":
        return _calendar(congress, language)
    return (schedule.to_json if suffix == "json" else schedule.to_xml)(_schedule(congress, language))


def _rows(congress: Congress) -> Iterator[list[str]]:
    """The table under headings in the reader's language."""
    rows = tables.rows(congress)
    names = next(rows)
    labels = columns.labels([name.removeprefix("title_") for name in names if name.startswith("title_")])
    yield [labels[name] for name in names]
    yield from rows


def _schedule(congress: Congress, language: str) -> dict[str, object]:
    latest = queries.latest_release(congress)
    conference, said = schedules.conference(congress, language), schedules.words(language, congress.kind)
    return schedule.schedule(conference, latest.number if latest else 0, queries.draft(congress), said)


def _calendar(congress: Congress, language: str) -> bytes:
    """Under the entries' own identities, unlike the draft calendar that one subscribes to: this is read by other systems, once."""
    entries = [each for each in queries.draft_with_stamps(congress) if each.starts_at or each.starts_on]
    page = links.absolute("public.programme.show", congress=congress.slug, code="CODE")
    is_regular = ical.zone_for(congress.timezone, entries) is not None
    style = ical.Style((words(language, congress.kind),), congress.timezone if is_regular else "", page, is_personal=True)
    head = ical.Head(
        key=f"{congress.slug}/draft file",
        name=congress.names.text(language),
        description=congress.long_names.text(language),
        timezone=congress.timezone,
        url=links.absolute("public.home.show", congress=congress.slug),
    )
    return ical.assemble(head, entries, [ical.render_entry(each, style) for each in entries])
