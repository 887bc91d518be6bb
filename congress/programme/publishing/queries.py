"""Reads about releases: what each said, which are planned, which mails wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from congress.congresses.models import Congress
from congress.core.db import db
from congress.programme import entries
from congress.programme.entries import Entry
from congress.programme.models import Release, ReleasedEntry
from congress.programme.publishing.models import PlannedRelease
from congress.programme.vocabulary import PlanState


def find_release(congress: Congress, number: int) -> Release | None:
    """The release of this number."""
    return db.session.scalar(select(Release).where(Release.congress_id == congress.id, Release.number == number))


def state_of(congress: Congress, number: int) -> list[Entry]:
    """The whole programme as it stood with the release of this number, in order; nothing before the first. Also what nobody may see."""
    known = aliased(ReleasedEntry)
    last = (
        select(known.uid, func.max(known.sequence).label("sequence"))
        .join(Release, Release.id == known.release_id)
        .where(Release.congress_id == congress.id, Release.number <= number)
        .group_by(known.uid)
        .subquery()
    )
    rows = db.session.scalars(
        select(ReleasedEntry.content).join(last, (last.c.uid == ReleasedEntry.uid) & (last.c.sequence == ReleasedEntry.sequence))
    )
    return sorted(map(entries.from_json, rows), key=lambda entry: entry.order(congress.zone))


def newest(now: datetime) -> list[tuple[str, int, float]]:
    """Of each congress that has one: its slug, the number of the release in force, and how many seconds ago it was made."""
    last = select(Release.congress_id, func.max(Release.number).label("number")).group_by(Release.congress_id).subquery()
    found = db.session.execute(
        select(Congress.slug, Release.number, Release.released_at)
        .join(last, (last.c.congress_id == Release.congress_id) & (last.c.number == Release.number))
        .join(Congress, Congress.id == Release.congress_id)
        .order_by(Congress.slug)
    )
    return [(slug, number, (now - released_at).total_seconds()) for slug, number, released_at in found]


def plans(congress: Congress) -> Sequence[PlannedRelease]:
    """Releases that are planned or were, those that wait first, then the newest."""
    waits = PlannedRelease.state == PlanState.WAITING
    return db.session.scalars(
        select(PlannedRelease).where(PlannedRelease.congress_id == congress.id).order_by(waits.desc(), PlannedRelease.id.desc())
    ).all()


def find_plan(congress: Congress, plan_id: int) -> PlannedRelease | None:
    """A planned release of this congress."""
    return db.session.scalar(
        select(PlannedRelease).where(PlannedRelease.id == plan_id, PlannedRelease.congress_id == congress.id)
    )


def due_plans(now: datetime) -> Sequence[int]:
    """Ids of planned releases whose time has come, in order of their times."""
    return db.session.scalars(
        select(PlannedRelease.id)
        .where(PlannedRelease.state == PlanState.WAITING, PlannedRelease.due_at <= now)
        .order_by(PlannedRelease.due_at, PlannedRelease.id)
    ).all()


def untold(congress: Congress) -> list[Release]:
    """The last releases of which nobody has been told, the oldest first. What came before one that was told is past telling."""
    told = select(func.max(Release.number)).where(Release.congress_id == congress.id, Release.are_people_told)
    last = db.session.scalar(told) or 1  # of the first nobody is told: before it there was no programme that could have changed
    return list(
        db.session.scalars(
            select(Release).where(Release.congress_id == congress.id, Release.number > last).order_by(Release.number)
        )
    )


def congresses_with_due_mails(now: datetime) -> Sequence[int]:
    """Ids of congresses whose people are to be told now of a release."""
    due = (Release.tell_at <= now) & Release.are_people_told.is_(False)
    return db.session.scalars(select(Release.congress_id).where(due).distinct()).all()
