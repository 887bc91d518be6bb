"""``/<congress>/schedule.json`` and ``/<congress>/schedule.xml``: for conference applications and info screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from congress.congresses.models import Congress
from congress.feeds import schedule
from congress.feeds.options import WrongOption
from congress.programme import queries
from congress.programme.queries import Programme
from congress.web import schedules
from congress.web.answers import Document, answer
from congress.web.calendars import calendars
from congress.web.feed_language import asked_language, refuse

bp = Blueprint("schedule", __name__, url_prefix="/<congress>")
bp.register_error_handler(WrongOption, refuse)


@bp.get("/schedule.json")
def json() -> ResponseReturnValue:
    return answer(_document("json", "application/json", schedule.to_json))


@bp.get("/schedule.xml")
def xml() -> ResponseReturnValue:
    return answer(_document("xml", "application/xml; charset=utf-8", schedule.to_xml))


def _document(form: str, content_type: str, write: Callable[[dict[str, Any]], bytes]) -> Document:
    congress, language = g.congress, asked_language(g.congress)
    programme, conference = queries.released(congress), schedules.conference(congress, language)

    def make() -> Document:
        return Document(
            write(schedule.schedule(conference, programme.number, programme.entries, schedules.words(language, congress.kind))),
            content_type=content_type,
            filename=f"{congress.slug}-schedule.{form}",
            last_modified=_changed_at(congress, programme),
            is_public=True,
        )

    # Everything the bytes and their date depend on.
    return calendars.get(("schedule", form, programme.uid, language, conference, congress.changed_at), make)


def _changed_at(congress: Congress, programme: Programme) -> Any:
    return max(filter(None, (programme.released_at, congress.changed_at)))
