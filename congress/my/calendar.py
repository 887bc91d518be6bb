"""``/my/calendar/<token>/<congress>.ics``: one person's calendar, read by programs that cannot sign in."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from congress.core.clock import now
from congress.feeds import ical, queries
from congress.feeds.selection import for_calendar
from congress.registration import queries as registrations
from congress.registration.models import Registration
from congress.web import calendars, links
from congress.web.language import speaking

bp = Blueprint("calendar", __name__, url_prefix="/calendar/<token>")


@bp.get("/<congress>.ics")
def feed(token: str, congress: str) -> ResponseReturnValue:
    row = queries.find_token(token)
    if row is None or row.registration.congress.slug != congress:
        abort(404)
    registration = row.registration
    language = calendars.asked_language(registration.delegate.person.language)
    today = now().astimezone(registration.congress.zone).date()
    head = _head(registration, language)
    if row.revoked_at is not None:
        return calendars.gone(registration.congress, head)
    own = registrations.own_programme(registration)
    shown = for_calendar(own, with_unconfirmed=False, congress_ends_on=registration.congress.ends_on, today=today)
    return calendars.personal_feed(registration.congress, head, shown, language)


def _head(registration: Registration, language: str) -> ical.Head:
    congress = registration.congress
    with speaking(language):
        name = _("%(congress)s: my programme", congress=congress.names.text(language))
    return ical.Head(
        key=f"{congress.slug}/registration/{registration.public_id}",
        name=name,
        description=congress.long_names.text(language),
        timezone=congress.timezone,
        url=links.absolute("public.home.show", congress=congress.slug),
        refresh=ical.refresh_interval(congress.starts_on, congress.ends_on, now().astimezone(congress.zone).date()),
    )
