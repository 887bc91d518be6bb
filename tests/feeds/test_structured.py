"""Events of schema.org."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from congress.core.localised import Localised
from congress.feeds import structured
from congress.feeds.structured import Host, Meeting
from congress.programme.entries import Place
from tests.factories import make_entry, utc
from tests.programme.strategies import entries, thoroughly

MEETING = Meeting(
    name="XII Annual Meeting",
    short_name="#Krakowice2018",
    description="Two cities",
    starts_on=date(2018, 6, 12),
    ends_on=date(2018, 6, 15),
    timezone="Europe/Warsaw",
    url="https://congress.example/krakowice2018/",
    hosts=(
        Host(name="Kraków", country="PL", latitude=50.06, longitude=19.94),
        Host(name="Katowice", country="PL", latitude=None, longitude=None),
    ),
    organiser="UNESCO Creative Cities Network",
    organisers_site="https://network.example/",
    languages=("en", "pl"),
)
SUPER = {
    "@type": "Event",
    "@id": "https://congress.example/krakowice2018/",
    "name": "XII Annual Meeting",
    "startDate": "2018-06-12",
    "endDate": "2018-06-15",
    "url": "https://congress.example/krakowice2018/",
}
PAGE = "https://congress.example/krakowice2018/programme/P022"
NOSPR = Place(
    city="katowice", city_names=Localised(en="Katowice"), venue="nospr", venue_names=Localised(en="NOSPR"), room="hall",
    room_names=Localised(en="Great Hall", pl="Sala koncertowa"), address="plac Kilara 1", latitude=50.26, longitude=0.0,
)  # fmt: skip


def event(**changes: object) -> dict:
    found = structured.entry_event(make_entry(**changes), MEETING, PAGE, "en")
    assert found is not None
    return found


def test_the_congress_is_an_event_in_both_its_cities():
    assert structured.congress_event(MEETING) == {
        "@context": "https://schema.org",
        **SUPER,
        "alternateName": "#Krakowice2018",
        "description": "Two cities",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": [
            {
                "@type": "Place",
                "name": "Kraków",
                "address": {"@type": "PostalAddress", "addressLocality": "Kraków", "addressCountry": "PL"},
                "geo": {"@type": "GeoCoordinates", "latitude": 50.06, "longitude": 19.94},
            },
            {
                "@type": "Place",
                "name": "Katowice",
                "address": {"@type": "PostalAddress", "addressLocality": "Katowice", "addressCountry": "PL"},
            },
        ],
        "organizer": {"@type": "Organization", "name": "UNESCO Creative Cities Network", "url": "https://network.example/"},
        "inLanguage": ["en", "pl"],
    }


def test_an_entry_is_an_event_of_the_congress_with_all_that_is_known():
    found = event(
        place=NOSPR, stream_url="https://stream.example/1", join_url="https://rooms.example/secret", ticketing="ticketed",
        people=(("speaker", "Ada Nowak"),), organiser="NOSPR", website="https://nospr.example/", places=300, languages=("pl",),
        descriptions=Localised(en="A concert"),
    )  # fmt: skip

    assert found == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{PAGE}#00000000-0000-0000-0000-000000000016",
        "name": "Opening",
        "description": "A concert",
        "startDate": "2018-06-12T09:00:00+02:00",
        "endDate": "2018-06-12T10:00:00+02:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "location": [
            {
                "@type": "Place",
                "name": "Great Hall, NOSPR",
                "address": {"@type": "PostalAddress", "streetAddress": "plac Kilara 1", "addressLocality": "Katowice"},
                "geo": {"@type": "GeoCoordinates", "latitude": 50.26, "longitude": 0.0},
            },
            {"@type": "VirtualLocation", "url": "https://stream.example/1"},
        ],
        "performer": [{"@type": "Person", "name": "Ada Nowak"}],
        "organizer": {"@type": "Organization", "name": "NOSPR"},
        "isAccessibleForFree": False,
        "maximumAttendeeCapacity": 300,
        "inLanguage": ["pl"],
        "superEvent": SUPER,
        "sameAs": "https://nospr.example/",
        "url": PAGE,
    }


@pytest.mark.parametrize(
    ("changes", "start", "end"),
    [
        ({"ends_at": None}, "2018-06-12T09:00:00+02:00", None),
        ({"starts_at": utc(2018, 12, 1, 9), "ends_at": None}, "2018-12-01T10:00:00+01:00", None),
        ({"timing": "all_day", "starts_on": date(2018, 6, 7), "ends_on": date(2018, 6, 10)}, "2018-06-07", "2018-06-10"),
        ({"timing": "to_be_confirmed", "starts_on": date(2018, 6, 7)}, "2018-06-07", None),
    ],
)
def test_times_have_their_offset_and_days_are_days(changes, start, end):
    found = event(**changes)

    assert (found["startDate"], found.get("endDate")) == (start, end)


def test_nothing_is_said_of_what_has_no_day_or_is_not_listed():
    nowhere = make_entry(timing="to_be_confirmed")
    hidden = make_entry(is_listed=False)

    assert [structured.entry_event(entry, MEETING, PAGE, "en") for entry in (nowhere, hidden)] == [None, None]


def test_a_cancelled_event_keeps_its_time_and_says_so():
    found = event(status="cancelled")

    assert (found["eventStatus"], found["startDate"]) == ("https://schema.org/EventCancelled", "2018-06-12T09:00:00+02:00")


@pytest.mark.parametrize(
    ("earlier", "status", "previous"),
    [
        ([], "EventScheduled", None),
        ([make_entry(places=9)], "EventScheduled", None),
        ([make_entry(timing="to_be_confirmed", starts_on=date(2018, 6, 11))], "EventScheduled", None),
        ([make_entry(starts_at=utc(2018, 6, 11, 7), is_listed=False)], "EventScheduled", None),
        (
            [make_entry(starts_at=utc(2018, 6, 11, 7)), make_entry(), make_entry(timing="all_day", starts_on=date(2018, 6, 13))],
            "EventRescheduled",
            ["2018-06-11T09:00:00+02:00", "2018-06-13"],
        ),
    ],
    ids=["new", "other details", "time now known", "moved before anybody knew", "moved twice"],
)
def test_an_event_that_was_moved_says_from_when(earlier, status, previous):
    found = structured.entry_event(make_entry(), MEETING, PAGE, "en", earlier)

    assert found is not None
    assert (found["eventStatus"], found.get("previousStartDate")) == (f"https://schema.org/{status}", previous)


@pytest.mark.parametrize(("ticketing", "said"), [("free", True), ("ticketed", False), ("unknown", None), ("", None)])
def test_free_is_said_only_where_it_is_known(ticketing, said):
    assert event(ticketing=ticketing).get("isAccessibleForFree") is said


def test_what_only_streams_is_online_and_other_addresses_than_of_the_web_are_left_out():
    online, bad = event(stream_url="https://s.example/"), event(stream_url="javascript:alert(1)", website="data:text/html,x")

    assert (online["location"], online["eventAttendanceMode"]) == (
        [{"@type": "VirtualLocation", "url": "https://s.example/"}],
        "https://schema.org/OnlineEventAttendanceMode",
    )
    assert (bad.get("location"), bad.get("sameAs"), bad["eventAttendanceMode"]) == (
        None, None, "https://schema.org/OfflineEventAttendanceMode",
    )  # fmt: skip


def test_a_transfer_is_in_both_its_cities():
    cities = Place(city="a", city_names=Localised(en="Kraków"), other_city="b", other_city_names=Localised(en="Katowice"))

    assert [place["name"] for place in event(place=cities)["location"]] == ["Kraków", "Katowice"]


def test_a_congress_with_a_stream_may_be_attended_from_anywhere():
    found = structured.congress_event(replace(MEETING, is_streamed=True))

    assert found["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"


@thoroughly
@given(entries())
def test_every_listed_entry_with_a_day_has_what_search_engines_want_and_nothing_empty(entry):
    found = structured.entry_event(entry, MEETING, PAGE, "en")

    assert (found is None) == (not entry.is_listed or not (entry.starts_at or entry.starts_on))
    if found:
        assert {"@context", "@type", "name", "startDate", "eventStatus", "superEvent", "url"} <= set(found)
        assert [key for key, value in found.items() if value in (None, "", [], {})] == []
