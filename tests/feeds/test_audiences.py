"""Who may see what: every public address is walked, and each secret calendar is opened by people of each kind."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from congress.accounts.queries import find_account
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.delegates.vocabulary import Category
from congress.demo import ORGANISER, SLUG
from congress.feeds import services as feeds
from congress.feeds.models import Purpose
from congress.networks.vocabulary import Field
from congress.outbox.models import Message
from congress.programme import queries, services
from congress.programme.models import Contributor, Venue
from congress.programme.vocabulary import Audience, Kind
from congress.registration import services as registration
from congress.registration.bookings import services as bookings
from congress.registration.models import Registration
from congress.registration.states import State
from congress.web import mail
from tests.factories import NOW, make_registration, make_session, the_city, the_congress, the_item
from tests.feeds.public_addresses import LANGUAGES, addresses, with_options

LATER = NOW.replace(day=12)
PLENARY, WORKSHOP, MUSIC = "P024", "P037", "P030"

# What stands in the programme, each in a word that stands nowhere else.
UNLISTED, UNLISTED_TEXT, UNLISTED_SPEAKER, UNLISTED_HOUSE = "Unlistedtitle", "Unlistedtext", "Unlistedspeaker", "Unlistedhouse"
INVITED, WITHDRAWN, RENAMED = "Invitedtitle", "Withdrawntitle", "Renamedwhenwithdrawn"
DRAFTED, NO_CONSENT = "Draftedtitle", "Noconsentname"
ROOMS = {name: f"room.example/{name}" for name in ("plenary", "music", "workshop", "invited", "unlisted")}
NEVER_PUBLIC = [
    UNLISTED,
    UNLISTED_TEXT,
    UNLISTED_SPEAKER,
    UNLISTED_HOUSE,
    WITHDRAWN,
    RENAMED,
    DRAFTED,
    NO_CONSENT,
    "room.example",
]
# What was withdrawn is told there by the name that it had in public.
ONCE_PUBLIC = {
    (endpoint, WITHDRAWN)
    for endpoint in ("public.changes.index", "public.changes_log.show", "public.changes_log.between", "public.since.index")
}
PUBLIC_STREAM, NAMED = "stream.example/open", "Agreedname"


@pytest.fixture
def programme(context: Flask) -> FlaskClient:
    """A programme that holds everything that is not for everybody."""
    begin_writing()
    house = Venue(
        slug="unlisted-house", city=the_city("krakow"), names=Localised(en=UNLISTED_HOUSE), address=f"{UNLISTED_HOUSE} 1"
    )
    unlisted = make_session(
        code="UNLISTED", titles=Localised(en=UNLISTED, pl=UNLISTED), descriptions=Localised(en=UNLISTED_TEXT), is_listed=False,
        field=Field.MUSIC, join_url=f"https://{ROOMS['unlisted']}",
    )  # fmt: skip
    unlisted.contributors.append(Contributor(name=UNLISTED_SPEAKER, may_be_named=True))
    unlisted.placements[0].venue, unlisted.placements[0].city = house, house.city
    invited = make_session(
        code="INVITED", titles=Localised(en=INVITED, pl=INVITED), kind=Kind.STEERING, audience=Audience.INVITATION,
        join_url=f"https://{ROOMS['invited']}",
    )  # fmt: skip
    withdrawn = make_session(code="WITHDRAWN", titles=Localised(en=WITHDRAWN, pl=WITHDRAWN))
    db.session.add_all([house, unlisted, invited, withdrawn])
    plenary = the_item(PLENARY)
    plenary.stream_url = f"https://{PUBLIC_STREAM}"
    plenary.contributors.extend([Contributor(name=NAMED, may_be_named=True), Contributor(name=NO_CONSENT, may_be_named=False)])
    for code, name in ((PLENARY, "plenary"), (MUSIC, "music"), (WORKSHOP, "workshop")):
        the_item(code).join_url = f"https://{ROOMS[name]}"
    services.release_programme(the_congress(), note=Localised(en="All."), by="x", now=NOW)
    withdrawn.is_listed, withdrawn.titles = False, Localised(en=RENAMED, pl=RENAMED)
    services.release_programme(the_congress(), note=Localised(en="Less."), by="x", now=LATER)
    plenary.titles = Localised(en=DRAFTED, pl=DRAFTED)
    db.session.commit()
    return context.test_client()


def unfolded(body: bytes) -> str:
    return body.decode(errors="replace").replace("\r\n ", "")


# Every public address.


NOT_PUBLIC = {
    "static": "files of the site",
    "bootstrap": "files of a library",
    "security": "signing in",
    "invitations": "behind links that are mailed to who is invited",
    "healthz": "one word",
    "readyz": "one word",
    "metrics": "numbers for operators, in tests/web/test_metrics.py",
    "my": "behind secret links: see the second half of this module",
    "desk": "behind the sign-in",
    "public.appearance.picture": "a picture of name, days and hosts, in tests/public/test_appearance.py",
    "public.appearance.manifest": "name and sign, in tests/public/test_appearance.py",
    "public.booklet.show": "a PDF, read back in tests/public/test_booklet.py",
    "public.documents.show": "tests/my/test_documents.py",
    "public.speakers.show": "tests/my/test_speaker.py",
    "public.speakers.photo": "tests/my/test_speaker.py",
}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_every_public_address_is_walked_or_has_a_reason(programme, app):
    walked = addresses()
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert {
        endpoint for endpoint in rules if endpoint not in walked and not {endpoint, endpoint.partition(".")[0]} & set(NOT_PUBLIC)
    } == set()
    assert set(walked) <= rules


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_no_public_address_tells_what_is_not_for_everybody(programme):
    told, statuses = [], {}
    for endpoint, paths in addresses().items():
        for path in paths:
            answer = programme.get(path)
            statuses.setdefault((endpoint, answer.status_code), []).append(path)
            said = f"{answer.headers}\n{unfolded(answer.data)}"
            answer.close()
            told += [(path, word) for word in NEVER_PUBLIC if word in said and (endpoint, word) not in ONCE_PUBLIC]
    assert told == []
    assert {endpoint for endpoint, status in statuses if status == 200} >= set(addresses()) - {
        "public.home.favicon",
        "public.changes_log.compare",
    }
    assert {status for _endpoint, status in statuses} <= {200, 301, 302, 404}
    # What is hidden is not there at all, under whatever name.
    hidden = ["session-UNLISTED", "session-WITHDRAWN", "venue-unlisted-house", "speaker-unlistedspeaker", "speaker-noconsentname"]
    missing = statuses["public.calendar.feed", 404]
    assert [name for name in hidden if f"/{SLUG}/calendar/{SLUG}-{name}.ics" not in missing] == []
    pages = statuses["public.calendar.show", 404]  # those of sessions lead to the programme's page, whatever the code
    assert [name for name in hidden if "session" not in name and f"/{SLUG}/calendar/{name}/" not in pages] == []
    assert set(statuses["public.programme.show", 404]) == set(
        itertools.chain.from_iterable(with_options(f"/{SLUG}/programme/{code}", LANGUAGES) for code in ("UNLISTED", "WITHDRAWN"))
    )


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("calendar/krakowice2018-programme.ics", [INVITED, NAMED, PUBLIC_STREAM]),
        ("calendar/krakowice2018-speaker-agreedname.ics", [NAMED, PUBLIC_STREAM]),
        ("calendar/krakowice2018-programme.ics?format=jcal", [INVITED, NAMED, PUBLIC_STREAM]),
        ("schedule.json", [INVITED, NAMED]),
        ("schedule.xml", [INVITED, NAMED]),
        ("changes.atom", [INVITED]),
        (f"programme/{PLENARY}", [NAMED, PUBLIC_STREAM]),
        ("programme/INVITED", [INVITED]),
    ],
)
def test_what_is_for_everybody_is_told(programme, path, words):
    """Else the walk would pass over empty pages."""
    answer = programme.get(f"/{SLUG}/{path}")
    assert [word for word in words if word not in unfolded(answer.data).replace("\\/", "/")] == []


# Secret calendars. What people of each kind see of the rooms and of what is not listed.

EVERYTHING = {*ROOMS, UNLISTED, INVITED, DRAFTED, NO_CONSENT}
OWN = [
    # category, city, chosen, what is seen
    (Category.DELEGATE, "katowice", [], {"plenary", "music"}),  # a City of Music
    (Category.DELEGATE, "katowice", [WORKSHOP], {"plenary", "music", "workshop"}),
    (Category.DELEGATE, "kanazawa", [], {"plenary"}),  # of another field
    (Category.MAYOR, "katowice", [], {"plenary", "music"}),
    (Category.COORDINATOR, "katowice", [], {"plenary", "music"}),
    (Category.COMPANION, "katowice", [], set()),
    (Category.PRESS, "", [], set()),
    (Category.SECRETARIAT, "", [], {"plenary"}),
    (Category.HOST_STAFF, "", [], {"plenary"}),
    (Category.SPEAKER, "", [], {"plenary"}),
    (Category.NATIONAL_COMMISSION, "", [], {"plenary"}),
    (Category.OBSERVER, "", [], {"plenary"}),
]


def seen(body: bytes) -> set[str]:
    said = unfolded(body)
    return {name for name in EVERYTHING if ROOMS.get(name, name) in said}


def calendar_of(person: Registration, purpose: Purpose, key: str, state: State = State.CONFIRMED) -> str:
    person.state = state
    token = feeds.calendar_token(person, purpose, key=key, now=LATER)
    db.session.commit()
    suffix = "" if purpose is Purpose.OWN else f"-{purpose.value}"
    return f"/my/calendar/{token}/{SLUG}{suffix}.ics"


def test_every_category_has_its_line():
    assert {category for category, *_rest in OWN} == set(Category)


@pytest.mark.parametrize(("category", "city", "chosen", "words"), OWN)
def test_people_see_the_rooms_of_their_own_programme(programme, app, category, city, chosen, words):
    begin_writing()
    person = make_registration(category=category, city=city, now=LATER)
    for code in chosen:
        bookings.choose(person, the_item(code), now=LATER)
    path = calendar_of(person, Purpose.OWN, app.config["SECRET_KEY"])
    for query in ("", "?lang=pl", "?lang=pl,en&tbc=1&alarm=5&free=1&deadlines=1", "?format=jcal"):
        answer = programme.get(f"{path}{query}")
        assert (answer.status_code, seen(answer.data)) == (200, words), query


def test_whom_the_hosts_have_not_confirmed_sees_no_room_and_nothing_of_others(programme, app):
    """In which capacity one comes is only said by oneself until then."""
    begin_writing()
    person = make_registration(category=Category.COORDINATOR, city="katowice", now=LATER)
    answers = {}
    for purpose in (Purpose.OWN, Purpose.DELEGATION, Purpose.FIELD):
        answer = programme.get(calendar_of(person, purpose, app.config["SECRET_KEY"], State.SUBMITTED))
        answers[purpose] = (answer.status_code, seen(answer.data))
    assert answers == {Purpose.OWN: (200, set()), Purpose.DELEGATION: (410, set()), Purpose.FIELD: (410, set())}


@pytest.mark.parametrize(("state", "rooms"), [(State.SUBMITTED, set()), (State.CONFIRMED, {"plenary", "music"})])
def test_pages_and_mails_name_rooms_only_to_whom_the_hosts_have_confirmed(programme, app, state, rooms):
    begin_writing()
    person = make_registration(city="katowice", now=LATER)
    person.state = state
    db.session.commit()
    token = registration.link_token(person, app.config["SECRET_KEY"])
    assert seen(programme.get(f"/my/registration/{token}/").data) == rooms
    with app.test_request_context():
        message = db.session.scalars(select(Message).where(Message.template == "registration_received")).all()[-1]
        (attached,) = [part for part in mail.compose(message).walk() if part.get_filename()]
        assert seen(attached.get_payload(decode=True)) == rooms


OF_OTHERS = [
    (Category.DELEGATE, "katowice", Purpose.DELEGATION, 200, {"plenary", "music", "workshop"}),
    (Category.MAYOR, "katowice", Purpose.DELEGATION, 200, {"plenary", "music", "workshop"}),
    (Category.COORDINATOR, "katowice", Purpose.DELEGATION, 200, {"plenary", "music", "workshop"}),
    (Category.DELEGATE, "kanazawa", Purpose.DELEGATION, 200, {"plenary"}),
    (Category.COMPANION, "katowice", Purpose.DELEGATION, 410, set()),
    (Category.PRESS, "", Purpose.DELEGATION, 410, set()),
    (Category.COORDINATOR, "katowice", Purpose.FIELD, 200, {"music", "unlisted", UNLISTED}),
    (Category.COORDINATOR, "kanazawa", Purpose.FIELD, 200, set()),
    (Category.DELEGATE, "katowice", Purpose.FIELD, 410, set()),
    (Category.MAYOR, "katowice", Purpose.FIELD, 410, set()),
    (Category.COMPANION, "katowice", Purpose.FIELD, 410, set()),
    (Category.PRESS, "", Purpose.FIELD, 410, set()),
]


@pytest.mark.parametrize(("category", "city", "purpose", "status", "words"), OF_OTHERS)
def test_calendars_of_others_open_only_for_those_who_may_read_them(programme, app, category, city, purpose, status, words):
    begin_writing()
    colleague = make_registration(category=Category.DELEGATE, city="katowice", family_name="Colleaguename", now=LATER)
    bookings.choose(colleague, the_item(WORKSHOP), now=LATER)
    person = make_registration(category=category, city=city, now=LATER)
    answer = programme.get(calendar_of(person, purpose, app.config["SECRET_KEY"]))
    assert (answer.status_code, seen(answer.data)) == (status, words)
    knows = status == 200 and purpose is Purpose.DELEGATION and city == "katowice"
    assert ("Colleaguename" in unfolded(answer.data)) == knows


def test_the_draft_shows_an_organiser_everything_but_who_did_not_agree(programme, app):
    begin_writing()
    token = feeds.draft_token(find_account(ORGANISER), the_congress(), key=app.config["SECRET_KEY"], now=LATER)
    db.session.commit()
    answer = programme.get(f"/my/calendar/{token}/{SLUG}-draft.ics")
    assert (answer.status_code, seen(answer.data)) == (200, EVERYTHING - {NO_CONSENT})


def test_the_draft_closes_with_the_role(programme, app):
    begin_writing()
    account = find_account(ORGANISER)
    token = feeds.draft_token(account, the_congress(), key=app.config["SECRET_KEY"], now=LATER)
    account.roles_held.clear()
    db.session.commit()
    answer = programme.get(f"/my/calendar/{token}/{SLUG}-draft.ics")
    assert (answer.status_code, seen(answer.data)) == (410, set())


@pytest.mark.parametrize("purpose", [Purpose.OWN, Purpose.DELEGATION, Purpose.FIELD])
def test_no_calendar_survives_the_registration(programme, app, purpose):
    begin_writing()
    person = make_registration(category=Category.COORDINATOR, city="katowice", now=LATER)
    path = calendar_of(person, purpose, app.config["SECRET_KEY"])
    assert programme.get(path).status_code == 200
    begin_writing()
    registration.withdraw(person, now=LATER)
    db.session.commit()
    answer = programme.get(path)
    assert (answer.status_code, seen(answer.data), b"BEGIN:VEVENT" in answer.data) == (410, set(), False)


def test_one_purposes_token_opens_no_other_calendar(programme, app):
    begin_writing()
    person = make_registration(category=Category.COORDINATOR, city="katowice", now=LATER)
    own = calendar_of(person, Purpose.OWN, app.config["SECRET_KEY"])
    answers = [programme.get(own.replace(".ics", f"-{each}.ics")) for each in ("delegation", "field", "draft")]
    assert [(answer.status_code, seen(answer.data)) for answer in answers] == [(404, set())] * 3


def test_what_a_session_hides_now_leaves_the_calendar_of_who_has_it_by_right(programme, app):
    begin_writing()
    person = make_registration(city="katowice", now=LATER)
    path = calendar_of(person, Purpose.OWN, app.config["SECRET_KEY"])
    begin_writing()
    the_item(MUSIC).is_listed = False
    services.release_programme(the_congress(), note=Localised(), by="x", now=LATER.replace(day=13))
    db.session.commit()
    assert queries.released(the_congress()).number == 4
    assert seen(programme.get(path).data) == {"plenary", DRAFTED}
