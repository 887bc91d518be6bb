"""What is going on at a moment, and what comes next."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from congress.programme.entries import Entry
from congress.programme.moments import is_running, now_and_next, open_to_all
from congress.programme.search import bands
from tests.factories import make_entry, utc

WARSAW = ZoneInfo("Europe/Warsaw")
DAYS = (date(2018, 6, 12), date(2018, 6, 15))


def entry(code: str, start: datetime | None, end: datetime | None = None, **changes: object) -> Entry:
    return make_entry(uid=code, code=code, item=code, starts_at=start, ends_at=end, **changes)


OPENING = entry("OPENING", utc(2018, 6, 12, 7), utc(2018, 6, 12, 8, 30))
COFFEE = entry("COFFEE", utc(2018, 6, 12, 8, 30), utc(2018, 6, 12, 9), kind="break")
MUSIC = entry("MUSIC", utc(2018, 6, 12, 9), utc(2018, 6, 12, 11), kind="subgroup", field="music")
FILM = entry("FILM", utc(2018, 6, 12, 9), utc(2018, 6, 12, 10), kind="subgroup", field="film")
PRESS = entry("PRESS", utc(2018, 6, 12, 9), utc(2018, 6, 12, 10))
CONCERT = entry("CONCERT", utc(2018, 6, 14, 19), None)
GONE = entry("GONE", utc(2018, 6, 12, 7), utc(2018, 6, 12, 23), status="cancelled")
SECRET = entry("SECRET", utc(2018, 6, 12, 7), utc(2018, 6, 12, 23), is_listed=False)
FAIR = entry("FAIR", None, timing="all_day", starts_on=date(2018, 6, 11), ends_on=date(2018, 6, 13))
ALL = [FAIR, OPENING, GONE, SECRET, COFFEE, MUSIC, FILM, PRESS, CONCERT]


def codes(entries: tuple[Entry, ...]) -> str:
    return " ".join(each.code for each in entries)


@pytest.mark.parametrize(
    ("at", "phase", "days_to_go", "running", "following", "all_day"),
    [
        (utc(2018, 6, 9, 12), "before", 3, "", "OPENING", ""),
        (utc(2018, 6, 11, 21, 59), "before", 1, "", "OPENING", "FAIR"),
        (utc(2018, 6, 11, 22), "during", 0, "", "OPENING", "FAIR"),  # midnight in Kraków
        (utc(2018, 6, 12, 6, 59), "during", 0, "", "OPENING", "FAIR"),
        (utc(2018, 6, 12, 7), "during", 0, "OPENING", "COFFEE", "FAIR"),
        (utc(2018, 6, 12, 8, 30), "during", 0, "COFFEE", "MUSIC FILM PRESS", "FAIR"),
        (utc(2018, 6, 12, 10), "during", 0, "MUSIC", "CONCERT", "FAIR"),
        (utc(2018, 6, 14, 21, 59), "during", 0, "CONCERT", "", ""),
        (utc(2018, 6, 14, 22), "during", 0, "", "", ""),  # an open end is not for ever
        (utc(2018, 6, 15, 21, 59), "during", 0, "", "", ""),
        (utc(2018, 6, 15, 22), "after", 0, "", "", ""),
    ],
)
def test_a_moment_of_the_congress(at, phase, days_to_go, running, following, all_day):
    moment = now_and_next(ALL, DAYS, WARSAW, at)

    found = (moment.phase, moment.days_to_go, codes(moment.running), codes(moment.following), codes(moment.all_day))
    assert found == (phase, days_to_go, running, following, all_day)


def test_an_empty_programme_has_a_moment_too():
    moment = now_and_next([], DAYS, WARSAW, utc(2018, 6, 12, 9))

    assert (moment.phase, moment.running, moment.following, moment.all_day) == ("during", (), (), ())


def test_what_is_cancelled_does_not_go_on():
    assert [is_running(each, utc(2018, 6, 12, 7)) for each in (OPENING, GONE)] == [True, False]


def test_what_begins_together_stands_together_but_fields_and_breaks_for_themselves():
    lunch = entry("LUNCH", utc(2018, 6, 12, 9), utc(2018, 6, 12, 10), kind="break")

    assert [codes(band) for band in bands([FAIR, OPENING, MUSIC, PRESS, FILM, lunch])] == [
        "FAIR",
        "OPENING",
        "MUSIC FILM",
        "PRESS",
        "LUNCH",
    ]
    workshop = entry("WORKSHOP", utc(2018, 6, 12, 9), utc(2018, 6, 12, 12))
    assert [codes(band) for band in bands([MUSIC, FILM, PRESS, workshop])] == ["MUSIC FILM", "PRESS WORKSHOP"]


DEBATE = entry("DEBATE", utc(2018, 3, 6, 16), utc(2018, 3, 6, 18), audience="everyone")
READING = entry("READING", utc(2018, 6, 13, 16), utc(2018, 6, 13, 18), audience="everyone")
BREAD = entry("BREAD", None, timing="all_day", starts_on=date(2018, 6, 11), ends_on=date(2018, 6, 13), audience="everyone")
AGAIN = make_entry(uid="AGAIN", code="AGAIN", item="READING", starts_at=utc(2018, 6, 14, 16), ends_at=None, audience="everyone")
UNDATED = entry("UNDATED", None, timing="to_be_confirmed", audience="everyone")
CALLED_OFF = entry("CALLED_OFF", utc(2018, 6, 13, 16), None, audience="everyone", status="cancelled")


@pytest.mark.parametrize(
    ("entries", "at", "when", "shown"),
    [
        ([DEBATE, BREAD, OPENING, READING, AGAIN, CALLED_OFF], utc(2018, 3, 1), "later", "DEBATE BREAD READING AGAIN"),
        ([DEBATE, BREAD, READING, AGAIN], utc(2018, 6, 13, 8), "today", "BREAD READING"),
        (
            [DEBATE, BREAD, READING, AGAIN],
            utc(2018, 6, 13, 18),
            "today",
            "BREAD",
        ),  # the reading is over, the bread is there all day
        ([READING, AGAIN], utc(2018, 6, 13, 18), "later", "AGAIN"),
        ([DEBATE, BREAD, READING, UNDATED], utc(2018, 6, 20), "past", "BREAD READING"),  # those of the congress's own days
        ([DEBATE], utc(2018, 6, 20), "past", "DEBATE"),
        ([OPENING, CALLED_OFF, UNDATED], utc(2018, 6, 1), "none", ""),
    ],
)
def test_what_everybody_may_come_to(entries, at, when, shown):
    found = open_to_all(entries, DAYS, WARSAW, at)

    counted = {each.item for each in entries if each.audience == "everyone" and each is not CALLED_OFF}
    assert (found.count, found.when, codes(found.entries)) == (len(counted), when, shown)
