"""What feeds say in a language."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from flask_babel import gettext as _

from congress.congresses.models import CongressKind
from congress.core.kept import remembered
from congress.core.localised import Localised
from congress.core.text import first_upper
from congress.feeds import ical
from congress.networks.vocabulary import FIELD_LABELS
from congress.programme.vocabulary import AUDIENCE_LABELS, KIND_LABELS, TICKETING_LABELS
from congress.web.language import chosen_locale, speaking


def about(long_name: Localised, languages: Sequence[str], *, is_provisional: bool) -> str:
    """What a calendar says of its congress in its description: the full name, and that the programme is provisional while it is so."""
    name = long_name.text(languages[0])
    if not is_provisional:
        return name
    return f"{name}. {' / '.join(_provisional_programme(language) for language in languages)}"


@remembered
def _provisional_programme(language: str) -> str:
    with speaking(language, CongressKind.CONGRESS):
        return str(_("Provisional programme"))


@remembered
def words(language: str, kind: CongressKind) -> ical.Words:
    """The words of this language for a kind of congress, one object for each: rendered entries are kept by it."""
    with speaking(language, kind):
        return ical.Words(
            language=language,
            cancelled=_("CANCELLED"),
            draft=_("DRAFT"),
            provisional=_("Provisional: the organisers have not confirmed all details of this item."),
            to_be_confirmed=_("The time is to be confirmed."),
            open_end=_("The end is open."),
            with_people=_("With"),
            chair=first_upper(_("chair")),
            spoken=_("Languages"),
            interpretation=_("interpretation"),
            admission=_("Admission"),
            places=_("Places"),
            organiser=_("Organiser"),
            website=_("Website"),
            stream=_("Live stream"),
            room=_("Online room"),
            directions=_("Getting there"),
            map=_("Map"),
            kinds={kind.value: str(name) for kind, name in KIND_LABELS.items()},
            fields={field.value: str(name) for field, name in FIELD_LABELS.items()},
            audiences={audience.value: str(name) for audience, name in AUDIENCE_LABELS.items()},
            ticketing={ticketing.value: str(name) for ticketing, name in TICKETING_LABELS.items()},
            languages=dict(Locale.parse(chosen_locale()).languages),
        )
