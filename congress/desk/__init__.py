"""The organisers' pages: ``/desk/…``. One guard for all of them."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.congresses import queries as congresses
from congress.core.errors import NotAllowed
from congress.desk import (
    bookings,
    calendar,
    contacts,
    dashboard,
    delegation,
    delegations,
    exports,
    home,
    imports,
    limits,
    mail_texts,
    mailings,
    mails,
    menu,
    newsletter,
    placements,
    places,
    privacy,
    questions,
    registration,
    registrations,
    releases,
    sign_ups,
    uploads,
    windows,
)
from congress.web.congresses import keep_congress

_FOR_READERS = {"desk.calendar.new_link"}  # renews what is the reader's own and changes nothing of the congress
# Pages about people: who changes there needs the right for registrations, not the one for the programme.
_ABOUT_PEOPLE = frozenset(
    {
        "bookings",
        "contacts",
        "delegation",
        "delegations",
        "mail_texts",
        "mailings",
        "mails",
        "newsletter",
        "questions",
        "imports",
        "registration",
        "registrations",
        "sign_ups",
        "uploads",
        "windows",
    }
)

bp = Blueprint("desk", __name__, url_prefix="/desk")
for part in (
    home,
    mails,
    mailings,
    mail_texts,
    dashboard,
    placements,
    releases,
    bookings,
    privacy,
    registration,
    registrations,
    imports,
    exports,
    calendar,
    places,
    sign_ups,
    newsletter,
    contacts,
    delegation,
    delegations,
    limits,
    questions,
    uploads,
    windows,
):
    bp.register_blueprint(part.bp)
keep_congress(bp)


@bp.url_value_preprocessor
def _load_congress(_endpoint: str | None, values: dict[str, object] | None) -> None:
    if values and "congress" in values:
        g.congress = congresses.find_congress(str(values.pop("congress")))


@bp.context_processor
def _for_every_page() -> dict[str, object]:
    if not g.get("congress") or not current_user.is_authenticated:
        return {}
    held, congress_id = current_user.held, g.congress.id
    return {
        "menu": menu.groups(held, congress_id),
        "menu_current": menu.current(request.blueprint or ""),
        "may_edit_programme": rules.may_edit_programme(held, congress_id),
    }


@bp.before_request
def _guard() -> ResponseReturnValue | None:
    """Everything here needs somebody signed in; a congress's pages need a role in it, and changes a stronger one."""
    if not current_user.is_authenticated:
        if request.method == "GET":
            return redirect(url_for("security.login", next=request.path))
        raise NotAllowed(_("You are not signed in. Sign in, then do it again."))
    if "congress" not in g:
        return None
    if g.congress is None:
        abort(404)
    if not rules.may_see_desk(current_user.held, g.congress.id):
        raise NotAllowed(_("Your account has no role in this congress."))
    is_change = request.method == "POST" and request.endpoint not in _FOR_READERS
    about_people = (request.blueprint or "").rpartition(".")[2] in _ABOUT_PEOPLE
    may_edit = rules.may_edit_registrations if about_people else rules.may_edit_programme
    if is_change and not may_edit(current_user.held, g.congress.id):
        raise NotAllowed(_("Your role lets you read, not change."))
    return None
