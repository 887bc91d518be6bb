"""Every public address, with the languages and options that it takes; a new one is listed here."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from sqlalchemy import select

from congress.core.db import db
from congress.demo import SLUG
from congress.feeds.selection import WHOLE, speaker_slug
from congress.networks.vocabulary import Field
from congress.programme.models import ProgrammeItem, Venue
from congress.programme.vocabulary import Kind
from tests.factories import the_congress


def feed_names() -> list[str]:
    """Every name that a feed can have, also of what is hidden."""
    items = db.session.scalars(select(ProgrammeItem).order_by(ProgrammeItem.code)).all()
    speakers = {speaker_slug(person.name) for item in items for person in item.contributors}
    return [
        *WHOLE,
        *(f"field-{each.value}" for each in Field),
        *(f"kind-{each.value}" for each in Kind),
        *(f"city-{each.slug}" for each in the_congress().hosts),
        *(f"venue-{slug}" for slug in db.session.scalars(select(Venue.slug).order_by(Venue.slug))),
        *(f"speaker-{slug}" for slug in sorted(speakers)),
        *(f"session-{item.code}" for item in items),
    ]


def with_options(path: str, *options: list[str]) -> Iterator[str]:
    """The path with one of each of the options, in all ways."""
    for chosen in itertools.product(*options):
        query = "&".join(each for each in chosen if each)
        yield f"{path}?{query}" if query else path


LANGUAGES = ["", "lang=en", "lang=pl"]
OF_FEEDS = [[*LANGUAGES, "lang=pl,en"], ["", "tbc=1"]]
OF_ONE_FEED = [*OF_FEEDS, ["", "alarm=15"], ["", "free=0", "free=1"], ["", "format=jcal"]]


def addresses() -> dict[str, list[str]]:
    """The public addresses under each endpoint, with the languages and options that they take."""
    root, codes = f"/{SLUG}", db.session.scalars(select(ProgrammeItem.code).order_by(ProgrammeItem.code)).all()
    pages = {
        "public.home.index": ["/"],
        "public.home.show": [f"{root}/"],
        "public.home.robots": ["/robots.txt"],
        "public.home.favicon": ["/favicon.ico"],
        "public.accessibility.show": ["/accessibility/"],
        **{f"public.sign_in.{name}": [f"/sign-in/{path}"] for name, path in (("index", "?ended=1"), ("received", "received"))},
        "public.networks.index": ["/networks/"],
        "public.networks.show": ["/networks/uccn/"],
        "public.cities.index": [f"{root}/cities/"],
        "public.cities.show": ["/cities/krakow/", "/cities/katowice/"],
        "public.programme.index": [f"{root}/programme/", f"{root}/programme/?field=music", f"{root}/programme/?city=krakow"],
        "public.programme.show": [f"{root}/programme/{code}" for code in codes],
        "public.events.index": [f"{root}/events/"],
        "public.calendar.index": [f"{root}/calendar/"],
        "public.calendar.show": [f"{root}/calendar/{name}/" for name in feed_names()],
        "public.schedule.json": [f"{root}/schedule.json"],
        "public.schedule.xml": [f"{root}/schedule.xml"],
        "public.changes.index": [f"{root}/changes.atom"],
        "public.registration.index": [f"{root}/registration/"],
        "public.registration.received": [f"{root}/registration/received"],
        "public.press.index": [f"{root}/press/"],
        "public.participants.index": [f"{root}/participants/"],
        "public.codes.index": [f"{root}/code/"],
        "public.sign_ups.show": [f"{root}/sign-ups/{code}/" for code in codes],
        "public.sign_ups.received": [f"{root}/sign-ups/{code}/received" for code in codes],
        "public.newsletter.index": [f"{root}/newsletter/"],
        "public.newsletter.received": [f"{root}/newsletter/received"],
        "public.now.index": [f"{root}/now/"],
        "public.now.part": [f"{root}/now/part"],
        "public.since.index": [f"{root}/changes.json?since=0", f"{root}/changes.json?since=1"],
        "public.changes_log.index": [f"{root}/changes/"],
        "public.changes_log.show": [f"{root}/changes/{number}/" for number in (1, 2, 3)],
        "public.changes_log.compare": [f"{root}/changes/compare?first=1&second=2"],
        "public.changes_log.between": [f"{root}/changes/1..2/", f"{root}/changes/2..3/", f"{root}/changes/1..3/"],
        "public.offline.worker": [f"{root}/service-worker.js"],
        "public.offline.show": [f"{root}/offline/"],
        "public.speakers.index": [f"{root}/speakers/"],
    }
    found = {
        endpoint: [f"{path}{'&' if '?' in path else '?'}{each}".rstrip("?&") for path in paths for each in LANGUAGES]
        for endpoint, paths in pages.items()
    }
    feeds_ = [path for name in feed_names() for path in with_options(f"{root}/calendar/{SLUG}-{name}.ics", *OF_FEEDS)]
    found["public.calendar.feed"] = [*feeds_, *with_options(f"{root}/calendar/{SLUG}-programme.ics", *OF_ONE_FEED)]
    return found
