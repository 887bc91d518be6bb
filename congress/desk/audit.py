"""``/desk/<congress>/audit/``: who did what to which row, when and from where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, g, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user

from congress.accounts import audit_queries as queries
from congress.accounts.audit import What
from congress.accounts.audit_queries import PER_PAGE, Wanted
from congress.accounts.rules import RoleKind
from congress.core import sheets_out

WHAT_LABELS = {
    What.CREATED: lazy_gettext("created"),
    What.CHANGED: lazy_gettext("changed"),
    What.DELETED: lazy_gettext("deleted"),
    What.EXPORTED: lazy_gettext("taken away"),
    What.LOOKED: lazy_gettext("looked at"),
    What.SIGNED_IN: lazy_gettext("signed in"),
    What.SIGN_IN_REFUSED: lazy_gettext("sign-in refused"),
    What.SIGNED_OUT: lazy_gettext("signed out"),
    What.INVITED: lazy_gettext("invited"),
    What.PASSWORD_CHANGED: lazy_gettext("password changed"),
    What.FACTOR_CHANGED: lazy_gettext("second factor changed"),
    What.SESSION_ENDED: lazy_gettext("session ended"),
    What.REVIEWED: lazy_gettext("looked through"),
}
KIND_LABELS = {
    "accounts": lazy_gettext("account"),
    "bookings": lazy_gettext("place in a session"),
    "category_terms": lazy_gettext("limit"),
    "congresses": lazy_gettext("settings of the congress"),
    "consents": lazy_gettext("consent"),
    "contacts": lazy_gettext("contact of a city"),
    "contributors": lazy_gettext("speaker of a session"),
    "delegates": lazy_gettext("person in a delegation"),
    "delegations": lazy_gettext("delegation"),
    "documents": lazy_gettext("document"),
    "mail_texts": lazy_gettext("words of an e-mail"),
    "mailings": lazy_gettext("e-mail to many"),
    "messages": lazy_gettext("e-mails"),
    "needs": lazy_gettext("diet and access needs"),
    "passports": lazy_gettext("passport data"),
    "people": lazy_gettext("a person"),
    "placements": lazy_gettext("place in the programme"),
    "programme_items": lazy_gettext("session or event"),
    "questions": lazy_gettext("question"),
    "registrations": lazy_gettext("registration"),
    "releases": lazy_gettext("release"),
    "roles": lazy_gettext("role"),
    "rooms": lazy_gettext("room"),
    "sensitive_looks": lazy_gettext("sensitive data"),
    "sign_ups": lazy_gettext("sign-up"),
    "speakers": lazy_gettext("speaker"),
    "stays": lazy_gettext("travel and stay"),
    "subscribers": lazy_gettext("reader of the newsletter"),
    "venues": lazy_gettext("venue"),
    "windows": lazy_gettext("deadline"),
}

bp = Blueprint("audit", __name__, url_prefix="/<congress>/audit")


@bp.get("/")
def index() -> ResponseReturnValue:
    wanted, number = _wanted(), min(max(request.args.get("page", 1, type=int), 1), 10**6)
    total = queries.count(wanted)
    accounts, deeds, kinds = queries.words(wanted)
    return render_template(
        "desk/audit/index.html",
        entries=queries.page(wanted, number),
        total=total,
        number=number,
        last=max(1, -(-total // PER_PAGE)),
        args={name: value for name, value in request.args.to_dict().items() if name != "page" and value},
        accounts=accounts,
        deeds=deeds,
        kinds=kinds,
        what_labels=WHAT_LABELS,
        kind_labels=KIND_LABELS,
    )


def _wanted() -> Wanted:
    """What the address asks for. Only who runs the site sees what belongs to no congress, such as signing in."""
    first, last = _day("since"), _day("until")
    return Wanted(
        g.congress.id,
        account=_word("account"),
        what=_word("what"),
        kind=_word("kind"),
        object_id=_word("object"),
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
        everywhere=any(role.kind is RoleKind.SITE for role in current_user.held),
    )


def _word(name: str) -> str:
    found = request.args.get(name, "").strip()
    return found[:254] if found.isprintable() else ""


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=g.congress.zone)


@bp.get("/audit.csv")
def export() -> ResponseReturnValue:
    """The same entries as the page, the first first; that somebody took them stands in the log too (``rights.TAKEN_AWAY``)."""
    headers = {"Content-Disposition": f'attachment; filename="{g.congress.slug}-audit.csv"', "Cache-Control": "no-store"}
    body = stream_with_context(sheets_out.csv(_rows(_wanted())))
    return Response(body, content_type="text/csv; charset=utf-8", headers=headers)


def _rows(wanted: Wanted) -> Iterator[list[str]]:
    yield [
        _("When"),
        _("Account"),
        _("What"),
        _("Of what"),
        _("Number"),
        _("Name"),
        _("Old and new"),
        _("Page"),
        _("Request"),
        _("Network"),
    ]
    for each in queries.stream(wanted):
        yield [
            each.at.astimezone(g.congress.zone).isoformat(), each.account, each.what, each.kind, each.object_id, each.label,
            json.dumps(each.changes, ensure_ascii=False) if each.changes else "", each.page, each.request_id, each.address,
        ]  # fmt: skip
