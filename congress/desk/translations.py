"""``/desk/<congress>/translations/``: what is not written in all languages of the congress, with the way to its form."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from congress.core.languages import LANGUAGES, named
from congress.registration.organising import untranslated
from congress.registration.organising.untranslated import Gap, Of
from congress.web.filters import text
from congress.web.mail_contents import CONTENTS

bp = Blueprint("translations", __name__, url_prefix="/<congress>/translations")

_SHOWN = 300  # on one page; filters show the others
LABELS = {
    Of.CONGRESS: _("The congress"),
    Of.ITEM: _("Sessions and events"),
    Of.DOCUMENT: _("Documents"),
    Of.SPEAKER: _("Speakers"),
    Of.OFFERING: _("City presentations"),
    Of.VENUE: _("Venues"),
    Of.ROOM: _("Rooms"),
    Of.QUESTION: _("Questions"),
    Of.MAIL: _("Words of the e-mails"),
}


@bp.get("/")
def index() -> ResponseReturnValue:
    languages = named(g.congress.languages)
    found = untranslated.gaps(g.congress)
    language = request.args.get("language", "") if request.args.get("language") in languages else ""
    in_language = [gap for gap in found if not language or language in gap.languages]
    of = request.args.get("of", "") if request.args.get("of") in set(Of) else ""
    chosen = [gap for gap in in_language if not of or gap.of == of]
    return render_template(
        "desk/translations/index.html",
        rows=[(gap, _name(gap), _address(gap)) for gap in chosen[:_SHOWN]],
        number=len(chosen),
        total=len(found),
        languages=languages,
        language=language,
        of=of,
        by_language=untranslated.counts(found, languages),
        by_kind=Counter(gap.of for gap in in_language),
        labels=LABELS,
        unspoken={code: name for code, name in languages.items() if code not in LANGUAGES},
    )


def _name(gap: Gap) -> str:
    if gap.of is Of.MAIL:
        return str(CONTENTS[gap.key].label) if gap.key in CONTENTS else gap.key
    return text(gap.names) or gap.note


def _address(gap: Gap) -> str:
    """Of the form in which it is written."""
    match gap.of:
        case Of.CONGRESS:
            return url_for("desk.settings.index")
        case Of.ITEM:
            return url_for("desk.items.edit", code=gap.key)
        case Of.DOCUMENT:
            return url_for("desk.documents.edit", document_id=gap.key)
        case Of.SPEAKER:
            return url_for("desk.speakers.edit", speaker_id=gap.key)
        case Of.OFFERING:
            return url_for("desk.offerings.words", offering_id=gap.key)
        case Of.VENUE:
            return url_for("desk.venues.edit", venue_id=gap.key)
        case Of.ROOM:
            return url_for("desk.venues.room", room_id=gap.key)
        case Of.QUESTION:
            return url_for("desk.questions.edit", question_id=gap.key)
        case Of.MAIL:
            return url_for("desk.mail_texts.edit", template=gap.key, language=gap.languages[0])
    return ""
