"""What the tests of calendars over HTTP ask and read."""

from __future__ import annotations

import gzip
import html
import re
from collections.abc import Callable
from datetime import datetime

import brotli
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.test import TestResponse

from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.feeds import services as feeds
from congress.feeds.models import FeedToken
from congress.programme.services import release_programme
from congress.registration.models import Registration
from tests.factories import NOW, the_congress

PUBLIC = "/krakowice2018/calendar/krakowice2018-"
FEED = f"{PUBLIC}programme.ics"
WRONG = "/my/calendar/{}/krakowice2018.ics".format("a" * 32)
CHOICES = ("P037", "P040", "P048")  # that a delegate may add
SENTENCES = {
    "en": "There is no option “{}” with this value in the address of this calendar.",
    "pl": "W adresie tego kalendarza nie może być opcji „{}” z taką wartością.",
}
COMPRESSED = {"br": brotli.decompress, "gzip": gzip.decompress}

AddressOf = Callable[..., str]


def change(app: Flask, act: Callable[[], object]) -> None:
    """Somebody changes something in another transaction."""
    with app.app_context():
        begin_writing()
        act()
        db.session.commit()


def person_of(path: str) -> Registration:
    """The registration whose calendar it is."""
    found = db.session.scalars(select(FeedToken).where(FeedToken.digest == feeds.digest(path.split("/")[3]))).one()
    assert found.registration is not None
    return found.registration


def titles(answer: TestResponse) -> list[str]:
    return [str(each["SUMMARY"]) for each in Calendar.from_ical(answer.data).walk("VEVENT")]


def name_of(answer: TestResponse) -> str:
    return str(Calendar.from_ical(answer.data)["X-WR-CALNAME"])


def said(answer: TestResponse) -> str:
    """The sentence of an error's page."""
    return html.unescape(re.search(r'<p class="lead">(.*?)</p>', answer.text, re.DOTALL)[1])


def is_empty_calendar(answer: TestResponse) -> bool:
    return answer.mimetype == "text/calendar" and b"BEGIN:VEVENT" not in answer.data and b"X-WR-CALNAME" in answer.data


def headers_of(answer: TestResponse, *without: str) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in {"X-Request-ID", *without}}


def release(app: Flask, now: datetime = NOW) -> None:
    change(app, lambda: release_programme(the_congress(), note=Localised(en="Changes"), by="test", now=now))
