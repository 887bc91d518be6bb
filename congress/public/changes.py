"""``/<congress>/changes.atom``: what each release of the programme changed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from congress.congresses.models import Congress
from congress.feeds import atom
from congress.feeds.options import WrongOption
from congress.programme import queries
from congress.programme.queries import Step
from congress.programme.releases import Change
from congress.web import links
from congress.web.answers import Document, answer
from congress.web.calendars import calendars
from congress.web.feed_language import asked_language, refuse
from congress.web.language import speaking

bp = Blueprint("changes", __name__, url_prefix="/<congress>")
bp.register_error_handler(WrongOption, refuse)
_RELEASES = 50
_CHANGES = 200  # of one release that are listed; the programme itself has the rest


@bp.get("/changes.atom")
def index() -> ResponseReturnValue:
    congress, language = g.congress, asked_language(g.congress)
    programme = queries.released(congress)
    said = (congress.slug, congress.names, congress.timezone, congress.changed_at, links.absolute("public.changes.index"))
    # Everything the bytes and their date depend on; what an earlier release changed never changes.
    name = ("changes", programme.uid, language, said)
    return answer(calendars.get(name, lambda: _document(congress, language, programme.released_at)))


def _document(congress: Congress, language: str, released_at: datetime | None) -> Document:
    page = links.absolute("public.programme.index")
    with speaking(language):
        head = atom.Head(
            key=f"{congress.slug}/changes/{language}",
            language=language,
            title=_("%(congress)s: changes of the programme", congress=congress.names.text(language)),
            author=congress.names.text(language),
            url=f"{page}?lang={language}",
            source=f"{links.absolute('public.changes.index')}?lang={language}",
            updated=released_at or congress.changed_at,
        )
        steps = queries.changes_of_releases(congress, _RELEASES)
        items = [item for step in steps if (item := _item(congress, step, language))]
    return Document(
        atom.feed(head, items),
        content_type="application/atom+xml; charset=utf-8",
        filename=f"{congress.slug}-changes.atom",
        last_modified=max(released_at or congress.changed_at, congress.changed_at),
        is_public=True,
    )


def _item(congress: Congress, step: Step, language: str) -> atom.Item | None:
    """What is said of a release; None where it changed nothing that the public may see."""
    changes = atom.public_changes(step.before, step.after)
    if not changes:
        return None
    release = _("Release %(number)d", number=step.number)
    return atom.Item(
        uid=step.uid,
        url=f"{links.absolute('public.changes_log.show', number=step.number)}?lang={language}",
        title=f"{release}: {', '.join(_counted(changes))}",
        updated=step.released_at,
        summary=step.notes.text(language),
        content=render_template(
            "public/changes/release.html",
            congress=congress,
            page=links.absolute("public.programme.show", code="CODE"),
            # Of the first release everything is new: nobody wants that twice.
            changes=[] if step.number == 1 else changes[:_CHANGES],
            all=len(changes),
        ),
    )


def _counted(changes: list[Change]) -> list[str]:
    """“2 moved”, “1 cancelled”: each change by the kind that matters most."""
    number = Counter(change.kind for change in changes)
    said = {
        "cancelled": ngettext("%(num)d cancelled", "%(num)d cancelled", number["cancelled"]),
        "moved": ngettext("%(num)d moved", "%(num)d moved", number["moved"]),
        "added": ngettext("%(num)d new", "%(num)d new", number["added"]),
        "restored": ngettext("%(num)d restored", "%(num)d restored", number["restored"]),
        "renamed": ngettext("%(num)d renamed", "%(num)d renamed", number["renamed"]),
        "edited": ngettext("%(num)d with other details", "%(num)d with other details", number["edited"]),
    }
    return [words for kind, words in said.items() if number[kind]]
