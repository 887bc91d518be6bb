"""What an entry's VEVENT says, letter by letter, and that it comes back."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Component

from congress.core.localised import Localised
from congress.feeds import ical, lines
from congress.programme.entries import Entry, Place
from tests.interop.invented import POLISH, WORDS
from tests.programme import strategies
from tests.programme.strategies import thoroughly

STYLE = ical.Style(words=(WORDS,), timezone="Europe/Warsaw", page="https://congress.example/programme/CODE")
PERSONAL = dataclasses.replace(STYLE, is_personal=True)
BILINGUAL = dataclasses.replace(STYLE, words=(POLISH, WORDS))
KRAKOW = Localised(en="Kraków")
ICE = Place(
    city="krakow", city_names=KRAKOW, venue="ice", venue_names=Localised(en="ICE Congress Centre", pl="Centrum ICE"),
    room="hall", room_names=Localised(en="Hall 1", pl="Sala 1"), address="ul. Konopnickiej 17, Kraków",
    latitude=50.0477, longitude=19.9317, directions=Localised(en="Trams 11 and 18.", pl="Tramwaje 11 i 18."),
)  # fmt: skip


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def make(**values: Any) -> Entry:
    """A workshop on 12 June 2018, 10:00 to 11:30 in Kraków, with the values given."""
    usual: dict[str, Any] = {
        "uid": "7d1c", "code": "P007", "item": "P007", "type": "session", "kind": "workshop", "audience": "delegates",
        "titles": Localised(en="Cities, music; and people", pl="Miasta, muzyka i ludzie"), "timing": "timed",
        "starts_at": utc(2018, 6, 12, 8), "ends_at": utc(2018, 6, 12, 9, 30), "created_at": utc(2018, 5, 1, 7),
        "last_modified": utc(2018, 5, 3, 9, 0, 5), "sequence": 2,
    }  # fmt: skip
    if values.get("timing", "timed") != "timed":
        usual |= {"starts_at": None, "ends_at": None}
    return Entry(**{**usual, **values})


def said(entry: Entry, style: ical.Style = STYLE) -> list[str]:
    """The lines of the VEVENT, unfolded. The one for Outlook, which repeats the description, is tested by itself."""
    text = ical.render_entry(entry, style).decode().replace("\r\n ", "")
    return [line for line in text.split("\r\n")[:-1] if not line.startswith("X-ALT-DESC")]


def event(*middle: str, stamps: str = "20180503T090005Z", sequence: int = 2) -> list[str]:
    """The lines that all of these begin and end with, around others."""
    return [
        "BEGIN:VEVENT", "UID:7d1c", f"DTSTAMP:{stamps}", "CREATED:20180501T070000Z", f"LAST-MODIFIED:{stamps}",
        f"SEQUENCE:{sequence}", *middle, "END:VEVENT",
    ]  # fmt: skip


TIMES = ["DTSTART;TZID=Europe/Warsaw:20180612T100000", "DTEND;TZID=Europe/Warsaw:20180612T113000"]
URL = "URL:https://congress.example/programme/P007"
PAGE = r"\n\nhttps://congress.example/programme/P007"
ICE_LINES = [
    r"LOCATION:Hall 1\, ICE Congress Centre\, ul. Konopnickiej 17\, Kraków",
    "GEO:50.0477;19.9317",
    'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="ICE Congress Centre, ul. Konopnickiej 17, Kraków"'
    ';X-APPLE-RADIUS=70;X-TITLE="Hall 1":geo:50.0477,19.9317',
]
MAP = "https://www.openstreetmap.org/?mlat=50.0477&mlon=19.9317#map=17/50.0477/19.9317"
WORKSHOP = make(
    field="music",
    descriptions=Localised(en="One line.\nAnother: a\\b.", pl="Jeden wiersz."),
    people=(("speaker", "José Durán"), ("chair", "Anna Nowak"), ("speaker", "Li Wei")),
    languages=("en", "pl"),
    interpretation=("fr",),
    place=ICE,
)


def test_a_session() -> None:
    assert said(WORKSHOP) == event(
        *TIMES, "STATUS:CONFIRMED", "TRANSP:TRANSPARENT", "CLASS:PUBLIC", r"SUMMARY:Cities\, music\; and people",
        r"DESCRIPTION:One line.\nAnother: a\\b.\n\nChair: Anna Nowak\nWith: José Durán\; Li Wei\n\nWorkshop · Music · Delegates"
        r"\nLanguages: English\, Polish\; interpretation: French\n\nGetting there: Trams 11 and 18."
        rf"\nMap: {MAP}{PAGE}",
        *ICE_LINES, URL, "CATEGORIES:Workshop,Music", "COLOR:darkorchid",
    )  # fmt: skip


def test_a_session_in_two_languages_of_a_draft() -> None:
    style = dataclasses.replace(BILINGUAL, is_draft=True)
    lines_ = said(WORKSHOP, style)
    assert lines_[:5] == ["BEGIN:VEVENT", "UID:7d1c", "DTSTAMP:20180503T090005Z", "CREATED:20180501T070000Z", "SEQUENCE:2"]
    assert lines_[5:] == [
        *TIMES, "STATUS:TENTATIVE", "TRANSP:TRANSPARENT", "CLASS:PUBLIC",
        r"SUMMARY:WERSJA ROBOCZA / DRAFT: Miasta\, muzyka i ludzie / Cities\, music\; and people",
        r"DESCRIPTION:Jeden wiersz.\n\nProwadzenie: Anna Nowak\nOsoby: José Durán\; Li Wei\n\npl workshop · Music · Delegates"
        r"\nJęzyki: angielski\, polski\; tłumaczenie: francuski\n\nDojazd: Tramwaje 11 i 18."
        rf"\nMapa: {MAP}\n\n———\n\nOne line.\nAnother: a\\b.\n\nChair: Anna Nowak\nWith: José Durán\; Li Wei"
        r"\n\nWorkshop · Music · Delegates\nLanguages: English\, Polish\; interpretation: French"
        rf"\n\nGetting there: Trams 11 and 18.\nMap: {MAP}{PAGE}",
        r"LOCATION:Sala 1\, Centrum ICE\, ul. Konopnickiej 17\, Kraków",
        "GEO:50.0477;19.9317",
        'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="Centrum ICE, ul. Konopnickiej 17, Kraków"'
        ';X-APPLE-RADIUS=70;X-TITLE="Sala 1":geo:50.0477,19.9317',
        URL, "CATEGORIES:pl workshop,Music", "COLOR:darkorchid", "END:VEVENT",
    ]  # fmt: skip


def test_a_person_s_own_session_with_an_alarm_and_an_online_room() -> None:
    entry = make(stream_url="https://live.example/a,b", join_url="https://rooms.example/x;y", place=Place(city_names=KRAKOW))
    assert said(entry, dataclasses.replace(PERSONAL, alarm=15)) == event(
        *TIMES, "STATUS:CONFIRMED", "TRANSP:OPAQUE", "CLASS:PUBLIC", r"SUMMARY:Cities\, music\; and people",
        r"DESCRIPTION:Workshop · Delegates\n\nLive stream: https://live.example/a\,b\n\nOnline room: https://rooms.example/x\;y"
        + PAGE,
        "LOCATION:Kraków", URL, "CATEGORIES:Workshop",
        'CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Live stream":https://live.example/a,b',
        'CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL="Online room":https://rooms.example/x;y',
        "BEGIN:VALARM", "ACTION:DISPLAY", r"DESCRIPTION:Cities\, music\; and people", "TRIGGER:-PT15M", "END:VALARM",
    )  # fmt: skip


def test_a_session_that_is_only_online_is_where_its_link_leads() -> None:
    entry = make(stream_url="https://live.example/a,b", join_url="https://rooms.example/x;y")
    places = [[line for line in said(entry, style) if line.startswith("LOCATION")] for style in (STYLE, PERSONAL)]
    assert places == [[r"LOCATION:https://live.example/a\,b"], [r"LOCATION:https://rooms.example/x\;y"]]


def test_one_to_be_confirmed_is_tentative_on_its_day_and_never_at_midnight() -> None:
    entry = make(timing="to_be_confirmed", starts_on=date(2018, 6, 12), status="tentative")
    assert said(entry, dataclasses.replace(PERSONAL, alarm=0, is_free=False)) == event(
        "DTSTART;VALUE=DATE:20180612", "DTEND;VALUE=DATE:20180613", "STATUS:TENTATIVE", "TRANSP:TRANSPARENT", "CLASS:PUBLIC",
        r"SUMMARY:Cities\, music\; and people", rf"DESCRIPTION:Workshop · Delegates\n\nThe time is to be confirmed.{PAGE}",
        URL, "CATEGORIES:Workshop",
    )  # fmt: skip


def test_one_that_is_provisional_says_so_after_its_kind_and_keeps_its_state() -> None:
    entry = make(is_plausible=True, languages=("en",))
    written = ical.render_entry(entry, dataclasses.replace(STYLE, words=(POLISH, WORDS))).decode().replace("\r\n ", "")
    known = {name: value for name, _, value in (line.partition(":") for line in written.split("\r\n"))}
    assert (known["DESCRIPTION"], known["STATUS"]) == (
        r"pl workshop · Delegates\nWstępnie: nie wszystko jest potwierdzone.\nJęzyki: angielski\n\n———\n\nWorkshop · Delegates"
        rf"\nProvisional: some details are not confirmed.\nLanguages: English{PAGE}",
        "CONFIRMED",
    )
    html = known["X-ALT-DESC;FMTTYPE=text/html"]
    assert [words.provisional in html for words in (POLISH, WORDS)] == [True, True]


def test_a_festival_takes_whole_days_and_nobody_s_time() -> None:
    festival = make(
        type="event", kind="accompanying", audience="everyone", timing="all_day", starts_on=date(2018, 6, 7),
        ends_on=date(2018, 6, 10), place=Place(city_names=KRAKOW),
    )  # fmt: skip
    assert said(festival, dataclasses.replace(PERSONAL, alarm=30)) == event(
        "DTSTART;VALUE=DATE:20180607", "DTEND;VALUE=DATE:20180611", "STATUS:CONFIRMED", "TRANSP:TRANSPARENT", "CLASS:PUBLIC",
        r"SUMMARY:Cities\, music\; and people", rf"DESCRIPTION:Accompanying · Everyone{PAGE}", "LOCATION:Kraków", URL,
        "CATEGORIES:Accompanying",
    )  # fmt: skip


def test_a_public_event_tells_admission_places_organiser_and_website_and_that_its_end_is_open() -> None:
    concert = make(
        type="event", kind="accompanying", audience="everyone", ends_at=None, ticketing="ticketed", places=300,
        organiser="City of Music", website="https://festival.example/", place=Place(city_names=KRAKOW),
    )  # fmt: skip
    assert said(concert) == event(
        TIMES[0], "STATUS:CONFIRMED", "TRANSP:TRANSPARENT", "CLASS:PUBLIC", r"SUMMARY:Cities\, music\; and people",
        r"DESCRIPTION:Accompanying · Everyone\nAdmission: ticketed\nPlaces: 300\nOrganiser: City of Music"
        rf"\nWebsite: https://festival.example/\n\nThe end is open.{PAGE}",
        "LOCATION:Kraków", URL, "CATEGORIES:Accompanying",
    )  # fmt: skip


def test_admission_that_is_not_known_is_not_told() -> None:
    concert = make(type="event", audience="everyone", ticketing="unknown")
    assert ical.description(concert, WORDS, "https://x.example/") == "Workshop · Everyone\n\nhttps://x.example/"


def test_a_transfer_stands_in_both_cities() -> None:
    coach = make(kind="transfer", place=Place(city_names=KRAKOW, other_city_names=Localised(en="Katowice")))
    assert [line for line in said(coach) if line.startswith(("LOCATION", "CATEGORIES"))] == [
        "LOCATION:Kraków – Katowice", "CATEGORIES:Transfer",
    ]  # fmt: skip


def test_a_cancelled_one_says_so_in_every_way_and_does_not_ring() -> None:
    style = dataclasses.replace(PERSONAL, words=(WORDS, POLISH), alarm=15, is_free=False)
    lines_ = said(make(status="cancelled", place=Place(city_names=KRAKOW)), style)
    assert lines_[6:13] == [
        *TIMES, "STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "CLASS:PUBLIC",
        r"SUMMARY:CANCELLED / ODWOŁANE: Cities\, music\; and people / Miasta\, muzyka i ludzie",
    ]  # fmt: skip
    assert "BEGIN:VALARM" not in lines_


def test_a_title_that_is_the_same_in_both_languages_is_said_once() -> None:
    assert ical.summary(make(titles=Localised(en="Unsound")), WORDS, POLISH) == "Unsound"


def test_a_cancelled_one_of_a_draft_stays_cancelled() -> None:
    lines_ = said(make(status="cancelled"), dataclasses.replace(STYLE, is_draft=True))
    assert [line for line in lines_ if line.startswith(("STATUS", "SUMMARY"))] == [
        "STATUS:CANCELLED", r"SUMMARY:DRAFT: CANCELLED: Cities\, music\; and people",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("is_personal", "is_free", "transp"),
    [
        (False, None, "TRANSPARENT"),
        (True, None, "OPAQUE"),
        (False, False, "OPAQUE"),
        (True, True, "TRANSPARENT"),
    ],
)
def test_a_session_takes_the_time_of_those_who_take_part_or_as_the_reader_asks(
    is_personal: bool, is_free: bool | None, transp: str
) -> None:
    style = dataclasses.replace(STYLE, is_personal=is_personal, is_free=is_free)
    assert [line for line in said(make(), style) if line.startswith("TRANSP")] == [f"TRANSP:{transp}"]


@pytest.mark.parametrize(("minutes", "trigger"), [(0, "TRIGGER:PT0S"), (90, "TRIGGER:-PT90M"), (10_080, "TRIGGER:-PT10080M")])
def test_an_alarm_rings_minutes_before(minutes: int, trigger: str) -> None:
    assert [line for line in said(make(), dataclasses.replace(STYLE, alarm=minutes)) if "TRIGGER" in line] == [trigger]


def test_a_draft_does_not_ring() -> None:
    assert "BEGIN:VALARM" not in said(make(), dataclasses.replace(STYLE, alarm=15, is_draft=True))


@pytest.mark.parametrize("change", [{"is_draft": True}, {"is_stamped": False}])
def test_what_changes_without_a_release_does_not_say_when(change: dict[str, bool]) -> None:
    lines_ = said(make(), dataclasses.replace(STYLE, **change))
    assert [line for line in lines_ if line.startswith(("LAST-MODIFIED", "DTSTAMP"))] == ["DTSTAMP:20180503T090005Z"]


def test_further_lines_stand_before_the_alarm() -> None:
    rendered = ical.render_entry(make(), dataclasses.replace(STYLE, alarm=15), b"ORGANIZER:mailto:office@krakowice.example\r\n")
    order = [line for line in rendered.split(b"\r\n") if line.startswith((b"ORGANIZER", b"BEGIN", b"END"))]
    assert order == [
        b"BEGIN:VEVENT", b"ORGANIZER:mailto:office@krakowice.example", b"BEGIN:VALARM", b"END:VALARM", b"END:VEVENT",
    ]  # fmt: skip


@pytest.mark.parametrize("timezone", ["", "UTC"])
def test_without_a_zone_times_are_in_utc(timezone: str) -> None:
    lines_ = said(make(), dataclasses.replace(STYLE, timezone=timezone))
    assert [line for line in lines_ if line.startswith(("DTSTART", "DTEND"))] == [
        "DTSTART:20180612T080000Z", "DTEND:20180612T093000Z",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "written"),
    [
        (utc(2018, 10, 27, 23, 59), ["DTSTART;TZID=Europe/Warsaw:20181028T015900", "DTEND;TZID=Europe/Warsaw:20181028T015930"]),
        (utc(2018, 10, 28, 0, 0), ["DTSTART:20181028T000000Z", "DTEND:20181028T000030Z"]),
        (utc(2018, 10, 28, 1, 59), ["DTSTART:20181028T015900Z", "DTEND:20181028T015930Z"]),
        (utc(2018, 10, 28, 2, 0), ["DTSTART;TZID=Europe/Warsaw:20181028T030000", "DTEND;TZID=Europe/Warsaw:20181028T030030"]),
    ],
)
def test_in_the_hour_that_comes_twice_times_are_in_utc(start: datetime, written: list[str]) -> None:
    lines_ = said(make(starts_at=start, ends_at=start + timedelta(seconds=30)))
    assert [line for line in lines_ if line.startswith(("DTSTART", "DTEND"))] == written


def test_outlook_gets_the_description_as_html_with_links_to_press() -> None:
    told = 'A <b> & "c".\nSee https://a.example/?b=1&c=2.\n\n<https://b.example/>, javascript:alert(1)'
    entry = make(descriptions=Localised(en=told), kind="", audience="")
    written = ical.render_entry(entry, STYLE).decode().replace("\r\n ", "")
    (html,) = (line for line in written.split("\r\n") if line.startswith("X-ALT-DESC"))
    assert html == (
        r'X-ALT-DESC;FMTTYPE=text/html:<html><body><p>A &lt\;b&gt\; &amp\; "c".<br>'
        r'See <a href="https://a.example/?b=1&amp\;c=2">https://a.example/?b=1&amp\;c=2</a>.'
        r'<p>&lt\;<a href="https://b.example/">https://b.example/</a>&gt\;\, javascript:alert(1)'
        r'<p><a href="https://congress.example/programme/P007">https://congress.example/programme/P007</a></body></html>'
    )


def test_an_entry_that_was_never_released_is_refused() -> None:
    with pytest.raises(ValueError, match="never released"):
        ical.render_entry(make(last_modified=None), STYLE)


styles = st.builds(
    ical.Style,
    words=st.sampled_from([(WORDS,), (POLISH,), (POLISH, WORDS)]),
    timezone=st.sampled_from(["", "Europe/Warsaw"]),
    page=st.just("https://congress.example/programme/CODE"),
    is_personal=st.booleans(),
    alarm=st.none() | st.integers(0, 100),
    is_free=st.none() | st.booleans(),
    is_draft=st.booleans(),
)
stamped = strategies.entries().map(
    lambda entry: dataclasses.replace(
        entry, last_modified=utc(2018, 5, 3), starts_on=entry.starts_on or (None if entry.starts_at else date(2018, 6, 12))
    )
)


@thoroughly
@given(stamped, styles)
def test_everything_comes_back(entry: Entry, style: ical.Style) -> None:
    rendered = ical.render_entry(entry, style)
    read = Component.from_ical(rendered)
    words, page = style.words[0], f"https://congress.example/programme/{entry.item}"
    place = ical.location(entry, words.language) or (style.is_personal and entry.join_url) or entry.stream_url
    if entry.starts_at is not None:
        times = [entry.starts_at, entry.ends_at]
    else:
        assert entry.starts_on is not None
        times = [entry.starts_on, (entry.ends_on or entry.starts_on) + timedelta(days=1)]
    assert read.errors == []
    assert {
        "summary": str(read["summary"]),
        "description": str(read["description"]),
        "location": str(read.get("location", "")),
        "categories": [str(each) for each in read["categories"].cats],
        "times": [read["dtstart"].dt, read["dtend"].dt if "dtend" in read else None],
        "url": str(read["url"]),
        "uid": str(read["uid"]),
        "alarms": len(read.walk("VALARM")),
    } == {
        "summary": lines.printable(ical.summary(entry, *style.words, is_draft=style.is_draft)),
        "description": lines.printable(ical.description(entry, style.words, page, is_personal=style.is_personal)),
        "location": lines.printable(place),
        "categories": [words.kinds[entry.kind], *([words.fields[entry.field]] if entry.field else [])],
        "times": times,
        "url": page,
        "uid": entry.uid,
        "alarms": int(style.alarm is not None and entry.is_timed and entry.status == "confirmed" and not style.is_draft),
    }
    assert [line for line in rendered.split(b"\r\n") if len(line) > 75 or b"\n" in line or b"\r" in line] == []


@thoroughly
@given(stamped, styles.map(lambda style: dataclasses.replace(style, is_personal=False)))
def test_nothing_public_leads_into_the_online_room(entry: Entry, style: ical.Style) -> None:
    entry = dataclasses.replace(entry, join_url="https://rooms.example/join?secret=1")
    assert b"rooms.example" not in ical.render_entry(entry, style).replace(b"\r\n ", b"")


@thoroughly
@given(stamped, styles)
def test_the_same_entry_is_the_same_bytes(entry: Entry, style: ical.Style) -> None:
    copy = dataclasses.replace(entry, titles=Localised(dict(entry.titles)), place=dataclasses.replace(entry.place))
    assert ical.render_entry(copy, dataclasses.replace(style)) == ical.render_entry(entry, style)


def test_a_calendar_begins_as_the_profile_says() -> None:
    head = ical.Head(
        key="k", name="Music, 2018", description="All; of it", timezone="Europe/Warsaw", url="https://congress.example/",
        source="https://congress.example/k.ics", field="music",
    )  # fmt: skip
    body = ical.assemble(head, [WORKSHOP], [b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"]).decode()
    begin, _, rest = body.partition("BEGIN:VTIMEZONE\r\n")
    assert begin.replace("\r\n ", "").split("\r\n") == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Congress//Congress 1//EN", "CALSCALE:GREGORIAN",
        "UID:e1537cd6-1171-5a99-9d58-e3289bda9862", "LAST-MODIFIED:20180503T090005Z", "URL:https://congress.example/",
        "SOURCE;VALUE=URI:https://congress.example/k.ics", r"NAME:Music\, 2018", r"X-WR-CALNAME:Music\, 2018",
        r"DESCRIPTION:All\; of it", r"X-WR-CALDESC:All\; of it", "X-WR-TIMEZONE:Europe/Warsaw",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H", "COLOR:darkorchid", "X-APPLE-CALENDAR-COLOR:#9932CC", "",
    ]  # fmt: skip
    assert rest.endswith("END:VTIMEZONE\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
