"""Day sheets for those who run the rooms: equipment, languages, who speaks when, times before and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from congress.congresses.models import Congress
from congress.core.text import first_upper
from congress.programme import equipment
from congress.programme.models import Room
from congress.programme.sheets import Serving, Use
from congress.programme.vocabulary import PART_LABELS
from congress.web import filters, pdf
from congress.web.print import typography, wording
from congress.web.print.rooms import Leaf


def day_sheets(congress: Congress, leaves: Iterable[Leaf], *, by_venue: bool, state: str, now: datetime) -> bytes:
    """A4, each room or each house on pages of its own; ``state`` says of what programme titles, times and rooms are."""
    return pdf.pdf("print/day_sheets.typ", facts(congress, leaves, by_venue=by_venue, state=state, now=now), made_at=now)


def facts(congress: Congress, leaves: Iterable[Leaf], *, by_venue: bool, state: str, now: datetime) -> dict[str, Any]:
    """What the sheets say in the language that is spoken. No release holds what a room needs: that is told as the draft has it now."""
    return wording.shared(
        {
            "title": str(_("Day sheet")),
            "congress": wording.line(filters.text(congress.long_names)),
            "state": wording.line(state),
            "made": wording.line(
                str(_("Equipment, people, set-up and clearing: draft of %(moment)s", moment=filters.moment(now, congress.zone)))
            ),
            "heading": [str(_("When")), str(_("What")), str(_("Equipment and languages")), str(_("People in order"))],
            "sheets": [_sheet(leaf, congress, by_venue=by_venue) for leaf in leaves],
        }
    )


def _sheet(leaf: Leaf, congress: Congress, *, by_venue: bool) -> dict[str, Any]:
    place = leaf.place
    name, room = filters.text(place.venue_names), "" if by_venue else filters.text(place.room_names)
    about = [_about(leaf.room)] if leaf.room else [] if by_venue else [str(_("What has no room yet"))]
    return {
        "day": first_upper(filters.day(leaf.day)),
        "name": wording.line(room or name),
        "house": wording.line(", ".join(filter(None, (name if room else "", place.address or filters.text(place.city_names))))),
        "about": wording.line("".join(about)),
        "rows": [_row(use, congress, by_venue=by_venue) for use in leaf.uses],
    }


def _about(room: Room) -> str:
    """What the room has: “120 seats · step-free · projector, sound”."""
    said = [ngettext("%(num)d seat", "%(num)d seats", room.capacity)] if room.capacity else []
    if room.step_free is not None:
        said.append(str(_("step-free") if room.step_free else _("not step-free")))
    if room.equipment:
        said.append(", ".join(equipment.all_said(room.equipment)))
    return " · ".join(said)


def _row(use: Use, congress: Congress, *, by_venue: bool) -> dict[str, Any]:
    entry, item, zone = use.entry, use.item, congress.zone
    title = wording.line(filters.text(entry.titles))
    people = [_person(each, congress) for each in use.people]
    needed = equipment.all_said(item.needs)
    needs = typography.paragraphs("\n".join(needed), "")
    told = [title, *(text for each in people for text in each.values()), *needed]
    return {
        "time": wording.time(entry, zone),
        "set_up": str(_("set up from %(time)s", time=filters.clock(use.needed_from, zone))) if use.needed_from else "",
        "clear": str(_("cleared by %(time)s", time=filters.clock(use.clear_by, zone))) if use.clear_by else "",
        "cancelled": str(_("cancelled")) if entry.is_cancelled else "",
        "unsure": wording.unsure(entry),
        "title": title,
        "code": entry.code,
        "room": wording.line(filters.text(entry.place.room_names)) if by_venue else "",
        "about": " · ".join([wording.kind(entry), wording.audience(entry), *_people_expected(use)]),
        "field": wording.field(entry),
        "needs": needs[0] if needs else [],
        "step_free": str(_("step-free access needed")) if item.needs_step_free else "",
        "spoken": wording.spoken(entry),
        "people": people,
        "whole": sum(map(len, told)) < wording.LONG,
    }


def _people_expected(use: Use) -> list[str]:
    most = use.item.expected or use.item.places
    return [ngettext("%(num)d person", "%(num)d people", most)] if most else []


def _person(each: Serving, congress: Congress) -> dict[str, str]:
    city = filters.text(each.city_names)
    return {
        "time": filters.clock(each.starts_at, congress.zone) if each.starts_at else "",
        "name": wording.line(", ".join(filter(None, (filters.text(each.names), city)))),
        "part": str(PART_LABELS[each.part] if each.part else _("Presentation")),
        "minutes": str(_("%(number)d min", number=each.minutes)).replace(" ", "\u00a0") if each.minutes else "",
    }
