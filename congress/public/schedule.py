"""``/<congress>/schedule.json`` and ``/<congress>/schedule.xml``: for conference applications and info screens."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.text import first_upper
from congress.feeds import schedule
from congress.feeds.options import WrongOption
from congress.programme import queries
from congress.programme.queries import Programme
from congress.web import feed_words, links
from congress.web.answers import Document, answer
from congress.web.calendars import calendars
from congress.web.feed_language import asked_language, refuse
from congress.web.language import speaking

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
    programme, conference = queries.released(congress), _conference(congress, language)

    def make() -> Document:
        return Document(
            write(schedule.schedule(conference, programme.number, programme.entries, _words(language))),
            content_type=content_type,
            filename=f"{congress.slug}-schedule.{form}",
            last_modified=_changed_at(congress, programme),
            is_public=True,
        )

    # Everything the bytes and their date depend on.
    return calendars.get(("schedule", form, programme.uid, language, conference, congress.changed_at), make)


def _changed_at(congress: Congress, programme: Programme) -> Any:
    return max(filter(None, (programme.released_at, congress.changed_at)))


def _conference(congress: Congress, language: str) -> schedule.Conference:
    return schedule.Conference(
        slug=congress.slug,
        name=congress.names.text(language),
        description=congress.long_names.text(language),
        starts_on=congress.starts_on,
        ends_on=congress.ends_on,
        timezone=congress.timezone,
        site=links.site_url(),
        url=links.absolute("public.home.show", congress=congress.slug),
        page=links.absolute("public.programme.show", congress=congress.slug, code="CODE"),
    )


@functools.cache
def _words(language: str) -> schedule.Words:
    words = feed_words.words(language)
    with speaking(language):
        nowhere = first_upper(_("place to be confirmed"))
    return schedule.Words(
        language=language,
        fields=words.fields,
        audiences={audience: first_upper(name) for audience, name in words.audiences.items()},
        open_end=words.open_end,
        nowhere=nowhere,
        website=words.website,
        stream=words.stream,
    )
