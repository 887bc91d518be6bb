"""What a personal link opens, for the pages under ``/my/registration/<token>/``."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, g, redirect, session, url_for
from flask_babel import gettext as _

from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.tokens import digest
from congress.programme import queries as programme
from congress.programme.models import ProgrammeItem
from congress.registration import queries
from congress.registration.models import Registration

_SENDING = "sending"


def registration_of(token: str, *, to_send: bool = False) -> Registration:
    """The registration; 404 for a link that is none, without saying more. ``to_send``: without what only pages show.

    A link that ended because this browser has sent the registration with it leads to the page that says what happens next: also
    the second click on "Send" comes here.
    """
    registration = queries.find_by_link(token, to_send=to_send)
    if registration is None:
        sent_with, congress = session.get(_SENDING, ("", ""))
        if sent_with == digest(token):
            abort(redirect(url_for("public.registration.received", congress=congress), 303))
        abort(404)
    g.congress = registration.congress
    return registration


def change_item(registration: Registration, code: str, change: Callable[[Registration, ProgrammeItem], object]) -> None:
    """Change something about one item of the person's programme, or say why not; 404 for an item that is none. Commits."""
    item = programme.find_item(registration.congress, code)
    if item is None:
        abort(404)
    try:
        change(registration, item)
    except CongressError as refusal:
        db.session.rollback()
        flash(str(refusal), "warning")
    else:
        db.session.commit()
        flash(_("Your programme has been changed."), "success")


def remember_sending(registration: Registration, token: str) -> None:
    """This browser is about to send the registration."""
    session[_SENDING] = (digest(token), registration.congress.slug)
