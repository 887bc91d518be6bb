"""``/desk/<congress>/newsletter/``: how many read the newsletter, and their addresses for the program that sends it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core import sheets_out
from congress.core.db import db
from congress.events import newsletter
from congress.registration import newsletter as registered
from congress.web.mail_events import leave_link

bp = Blueprint("newsletter", __name__, url_prefix="/<congress>/newsletter")


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template(
        "desk/newsletter/index.html", counts=newsletter.counts(g.congress), registered=len(registered.readers(g.congress))
    )


@bp.post("/newsletter.csv")
def export() -> ResponseReturnValue:
    """POST: it writes where the installation's key has changed since links were made, and browsers do not fetch it beforehand."""
    body = b"".join(sheets_out.csv(_rows(g.congress)))
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="{g.congress.slug}-newsletter.csv"'}
    return Response(body, content_type="text/csv; charset=utf-8", headers=headers)


def _rows(congress: Congress) -> Iterator[list[str]]:
    """Each address once. Who is registered leaves on the personal page, by withdrawing the consent."""
    yield [_("E-mail address"), _("Language"), _("From"), _("Since"), _("Link to leave with one click")]
    seen = set()
    for each in newsletter.listed(congress):
        seen.add(each.address)
        since = each.confirmed_at.date().isoformat() if each.confirmed_at else ""
        yield [each.email, each.language, _("newsletter form"), since, leave_link(each)]
    for reader in registered.readers(congress):
        if reader.email.lower() not in seen:
            seen.add(reader.email.lower())
            yield [reader.email, reader.language, _("registration"), reader.since.date().isoformat(), ""]
