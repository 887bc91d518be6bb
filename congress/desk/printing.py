"""``/desk/<congress>/printing/``: what is printed: the booklet, day sheets, door signs and coach lists."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.languages import LANGUAGES
from congress.core.text import first_upper, sort_key
from congress.programme import queries, sheets
from congress.programme.print_forms import Choices, PrintForm
from congress.programme.sheets import Use
from congress.registration.bookings import coaches
from congress.web import filters
from congress.web.language import chosen_language
from congress.web.print import coach_lists as coach_print
from congress.web.print import day_sheets as sheet_print
from congress.web.print import door_signs as door_print
from congress.web.print import wording
from congress.web.print.rooms import Leaf, Wanted, leaves

_DRAFT, _RELEASE = "draft", "release"
_MOST = 150  # sheets in one document: whoever asks waits for it, some seconds at that number

bp = Blueprint("printing", __name__, url_prefix="/<congress>/printing")


@bp.get("/")
def index() -> ResponseReturnValue:
    return _page(_form())


@bp.get("/day-sheets.pdf")
def day_sheets() -> ResponseReturnValue:
    """Of each room on each day that was chosen, or with ``by=venue`` of each house."""
    by_venue = request.args.get("by") == "venue"
    state = _state(request.args.get("source", ""))
    return _printed(
        lambda found: sheet_print.day_sheets(g.congress, found, by_venue=by_venue, state=state, now=now()),
        "day-sheets",
        by_venue=by_venue,
    )


@bp.get("/door-signs.pdf")
def door_signs() -> ResponseReturnValue:
    state = _state(request.args.get("source", ""))
    return _printed(
        lambda found: door_print.door_signs(g.congress, found, state=state, now=now()),
        "door-signs",
        is_shown=door_print.is_on_a_door,
    )


@bp.get("/coach-lists.pdf")
def coach_lists() -> ResponseReturnValue:
    """Who rides in which coach: in all, or in the one of the item ``code``."""
    congress, code = g.congress, request.args.get("code", "")
    found = [each for each in coaches.coaches(congress) if not code or each.item.code == code]
    if not found:
        abort(404)
    entries = {each.item.code: sheets.entries_of(congress, each.item.code) for each in found}
    return _pdf(coach_print.coach_lists(congress, found, entries, queries.released(congress), now=now()), "coaches")


def _printed(
    make: Callable[[list[Leaf]], bytes], name: str, *, by_venue: bool = False, is_shown: Callable[[Use], bool] = lambda _use: True
) -> ResponseReturnValue:
    """The document of what the form asks for; where the form is wrong, or finds nothing, the page that says so."""
    congress, form = g.congress, _form()
    if not form.validate():
        return _page(form), 422
    house, room = form.house_and_room
    found = leaves(
        [use for use in sheets.uses(congress, of_draft=form.source.data == _DRAFT) if is_shown(use)],
        Wanted(form.chosen_day, house, room),
        zone=congress.zone,
        rooms={(each.venue.slug, each.slug): each for each in queries.rooms(congress)},
        by_venue=by_venue,
        language=chosen_language(),
    )
    if not found:
        form.add_error("place", _("Nothing takes place there on that day. Choose another day or place."))
        return _page(form), 422
    if len(found) > _MOST:
        form.add_error("day", _(
            "These would be %(number)d sheets; at most %(most)d are set at once. Choose a day, a house or a room.",
            number=len(found), most=_MOST,
        ))  # fmt: skip
        return _page(form), 422
    return _pdf(make(found), name)


def _pdf(body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{g.congress.slug}-{name}.pdf"', "Cache-Control": "no-store"}
    return Response(body, mimetype="application/pdf", headers=headers)


def _page(form: PrintForm) -> str:
    held, congress = current_user.held, g.congress
    may_see_people = rules.may_see_registrations(held, congress.id)
    return render_template(
        "desk/printing/index.html",
        form=form,
        languages=LANGUAGES,
        released=queries.released(congress),
        may_see_people=may_see_people,
        coaches=coaches.coaches(congress) if may_see_people else [],
    )


def _form() -> PrintForm:
    """Offers the days, houses and rooms of the draft and of the release, and what there is of both."""
    congress, language = g.congress, chosen_language()
    entries = [*queries.released(congress).entries, *queries.draft(congress)]
    days = sorted({day for entry in entries for day in entry.days(congress.zone)})
    used = {entry.place.venue: entry.place.venue_names for entry in entries if entry.place.venue}
    rooms: dict[str, Choices] = {slug: [] for slug in used}
    for entry in entries:
        place = entry.place
        if place.venue and place.room:
            choice = (f"{place.venue}/{place.room}", filters.text(place.room_names))
            rooms[place.venue] += [choice] if choice not in rooms[place.venue] else []
    places = {
        used[slug].text(language): [(slug, _("whole house")), *sorted(rooms[slug], key=lambda each: sort_key(each[1], language))]
        for slug in sorted(used, key=lambda slug: sort_key(used[slug].text(language), language))
    }
    return PrintForm(
        request.args,
        days=[(day.isoformat(), first_upper(filters.day(day))) for day in days],
        places=places,
        sources=[(code, _state(code)) for code in _sources()],
    )


def _sources() -> tuple[str, ...]:
    return (_RELEASE, _DRAFT) if queries.latest_release(g.congress) else (_DRAFT,)


def _state(source: str) -> str:
    """Of what programme a sheet is, in words."""
    released = queries.released(g.congress)
    if source == _DRAFT or not released.released_at:
        return str(_("Draft, not released"))
    return wording.state(released, g.congress)
