"""What the program itself writes beside a move of a registration, by code (see core.sentences)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from congress.core.sentences import Sentence
from congress.delegates.vocabulary import STEP_LABELS, Step

_CORRECTED = {
    "title": lazy_gettext("Title"),
    "given_name": lazy_gettext("Given name"),
    "family_name": lazy_gettext("Family name"),
    "email": lazy_gettext("E-mail address"),
    "language": lazy_gettext("Language"),
    "phone": lazy_gettext("Phone"),
    "organisation": lazy_gettext("Institution"),
    "function": lazy_gettext("Function"),
    "badge_name": lazy_gettext("Name on the badge"),
    "badge_city": lazy_gettext("City or institution on the badge"),
    "category": lazy_gettext("Category"),
    "part": lazy_gettext("In the delegation"),
}


def _corrected(*names: str) -> str:
    labels = [str(_CORRECTED.get(name, name)) for name in names]
    return str(_("corrected: %(what)s", what=", ".join(label[:1].lower() + label[1:] for label in labels)))


def _opened(step: str, why: str) -> str:
    page = STEP_LABELS[Step(step)] if step else _("all pages")
    return str(_("form opened: %(page)s. %(why)s", page=page, why=why))


def _city(old: str, new: str, why: str = "") -> str:
    return str(_("city corrected: %(old)s → %(new)s. %(why)s", old=old, new=new, why=why)).strip()


def _session(title: str, why: str = "") -> str:
    return str(_("put into: %(session)s. %(why)s", session=title, why=why)).strip()


class Reason(Sentence):
    """Why a registration was moved, or what was done to it."""

    cache_ok = True
    sentences = {  # noqa: RUF012
        "again": lambda: _("registered already"),
        "same": lambda number: _("the same person as number %(number)d", number=int(number)),
        "merged": lambda number: _("merged with number %(number)d", number=int(number)),
        "link": lambda: _("new personal link"),
        "corrected": _corrected,
        "city": _city,
        "session": _session,
        "opened": _opened,
        "free": lambda: _("a place became free"),
        "lapsed": lambda: _("the offer of a place was not taken"),
        "refused": lambda: _("The city’s focal point has not accepted the registration."),
    }
