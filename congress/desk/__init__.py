"""The organisers' pages: ``/desk/…``. One guard for all of them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.accounts.signing import factors
from congress.congresses import queries as congresses
from congress.desk import (
    account,
    accounts,
    agenda,
    audit,
    bookings,
    calendar,
    conflict_places,
    conflicts,
    contacts,
    copy,
    dashboard,
    delegation,
    delegations,
    document_proposals,
    documents,
    exports,
    field,
    field_cities,
    field_documents,
    home,
    imports,
    invitations,
    items,
    limits,
    mail_texts,
    mailings,
    mails,
    menu,
    network_cities,
    networks,
    newsletter,
    offerings,
    placements,
    places,
    printing,
    privacy,
    programme_exports,
    programme_imports,
    proposals,
    questions,
    registration,
    registration_city,
    registration_sessions,
    registrations,
    release_mails,
    releases,
    rights,
    rights_page,
    roles,
    settings,
    sign_ups,
    speakers,
    style,
    timetable,
    timetable_moves,
    translations,
    uploads,
    venues,
    windows,
)
from congress.web import auditing
from congress.web.congresses import keep_congress
from congress.web.security import to_sign_in

bp = Blueprint("desk", __name__, url_prefix="/desk")
for part in (
    speakers,
    agenda,
    documents,
    document_proposals,
    offerings,
    home,
    account,
    accounts,
    mails,
    mailings,
    mail_texts,
    dashboard,
    items,
    placements,
    programme_imports,
    programme_exports,
    copy,
    settings,
    proposals,
    field,
    field_cities,
    field_documents,
    releases,
    release_mails,
    roles,
    rights_page,
    audit,
    bookings,
    privacy,
    registration,
    registration_city,
    registration_sessions,
    registrations,
    imports,
    exports,
    calendar,
    places,
    printing,
    sign_ups,
    newsletter,
    networks,
    network_cities,
    contacts,
    delegation,
    delegations,
    limits,
    questions,
    uploads,
    windows,
    timetable,
    timetable_moves,
    translations,
    conflicts,
    conflict_places,
    style,
    venues,
):
    bp.register_blueprint(part.bp)
keep_congress(bp)
__all__ = ["bp", "invitations"]  # the latter has a blueprint of its own, asked for by people who are not signed in


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
        "may_read_programme": rules.may_read_programme(held, congress_id),
    }


@bp.before_request
def _guard() -> ResponseReturnValue | None:
    """Everything here needs somebody signed in; a congress's pages need the role that the table of ``rights`` asks for."""
    if not current_user.is_authenticated:
        return to_sign_in(request.path)
    if "congress" not in g:
        return None
    if g.congress is None:
        abort(404)
    if g.congress.requires_second_factor and not factors.has_second(current_user):
        flash(_("This congress asks everybody who works for it for a second factor. Please set one up first."), "info")
        return redirect(url_for("security.two_factor_setup"), 303)
    rights.need(request.endpoint or "", is_change=request.method not in {"GET", "HEAD", "OPTIONS"})
    if request.endpoint in rights.TAKEN_AWAY:
        auditing.note_export()
    return None
