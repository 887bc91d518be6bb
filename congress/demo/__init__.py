"""The demo: the congress of 2018 with its real cities and programme, and invented people."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, time, timedelta

from flask_security import hash_password
from sqlalchemy import update

from congress.accounts.models import Account, Role
from congress.accounts.rules import RoleKind
from congress.congresses.imports import import_congress
from congress.congresses.models import Congress
from congress.core.db import begin_writing, db
from congress.core.localised import Localised
from congress.core.text import slugify
from congress.core.tokens import derive_token
from congress.data import FOLDER
from congress.delegates.vocabulary import Category
from congress.demo.names import FAMILY, GIVEN
from congress.networks import imports as network_imports
from congress.networks import queries as networks
from congress.networks.models import City
from congress.outbox.models import Message, MessageState
from congress.programme.imports import import_programme, import_venues
from congress.programme.services import release_programme
from congress.registration import services
from congress.registration.services import Actor, Applicant
from congress.registration.vocabulary import By, ConsentKind

SLUG = "krakowice2018"
ORGANISER = "organiser@krakowice.example"
_CITIES, _COUNTRIES, _MAYORS = 160, 64, 40  # who came in 2018
_WAITING = 5  # the last ones who registered: the hosts have not confirmed them yet


def organiser_password(key: str) -> str:
    """The organiser's password of this demo: made of its key, so that it can be printed at each start."""
    return derive_token(key, "demo-organiser", ORGANISER, 1)[:16]


def shift_to_next_june(today: date) -> timedelta:
    """Whole weeks from June 2018 to the next June that has not begun, weekdays kept."""
    year = today.year if today < date(today.year, 6, 1) else today.year + 1
    return timedelta(weeks=round((date(year, 6, 12) - date(2018, 6, 12)).days / 7))


def load_facts() -> None:
    """Countries, the three networks, their cities and offices; changes nothing where they are there already."""
    network_imports.import_countries(FOLDER / "countries.csv")
    network_imports.import_networks(FOLDER / "networks.csv")
    for slug, name in (("uccn", "uccn_cities.csv"), ("koalicja-miast", "koalicja_cities.csv"), ("icc", "icc_cities.csv")):
        network = networks.find_network(slug)
        assert network is not None  # noqa: S101  (imported above)
        network_imports.import_cities(FOLDER / name, network)
    network_imports.import_offices(FOLDER / "offices.csv")


def load(*, key: str, delegates: int, shift: timedelta, now: datetime) -> Congress:
    """Everything the demo shows, in the running transaction."""
    begin_writing()
    load_facts()
    import_venues(FOLDER / "venues_2018.csv")
    congress = import_congress(FOLDER / f"{SLUG}.toml", shift=shift)
    if congress.registration_opens_at is not None:
        congress.registration_opens_at = min(congress.registration_opens_at, now)
    if congress.is_over(now):  # registering can be tried all the same, and its page says so
        congress.registration_closes_at = datetime.combine(now.date() + timedelta(days=366), time(), congress.zone)
    import_programme(FOLDER / "programme_2018.csv", congress, shift=shift)
    release_programme(
        congress, note=Localised(en="First release of the programme.", pl="Pierwsza publikacja programu."), by=ORGANISER, now=now
    )
    _add_organiser(congress, key, now)
    _register(congress, delegates, key=key, now=now)
    return congress


def _add_organiser(congress: Congress, key: str, now: datetime) -> None:
    account = Account(
        email=ORGANISER, name="Olga Organizatorska", password=hash_password(organiser_password(key)),
        fs_uniquifier=uuid.uuid4().hex, created_at=now,
    )  # fmt: skip
    account.roles_held.append(Role(kind=RoleKind.ORGANISER, congress_id=congress.id))
    db.session.add(account)


def _register(congress: Congress, number: int, *, key: str, now: datetime) -> None:
    """Invented delegates of real cities, the same ones each time, nearly all confirmed; their mails count as sent."""
    chance = random.Random(2018)  # noqa: S311  (a game of chance, no secret)
    cities = _cities_that_come(congress)
    mayors = set(chance.sample(range(len(cities)), min(_MAYORS, len(cities))))
    used: set[tuple[str, str]] = set()
    registered = []
    for place in range(number):
        city = cities[place % len(cities)]
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        while (given, family) in used and len(used) < len(GIVEN) * len(FAMILY):
            given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        used.add((given, family))
        is_mayor = len(cities) <= place < 2 * len(cities) and place - len(cities) in mayors
        applicant = Applicant(
            submission_key=str(uuid.UUID(int=chance.getrandbits(128))),
            category=Category.MAYOR if is_mayor else Category.DELEGATE,
            city=city.slug,
            given_name=given,
            family_name=family,
            email=f"{slugify(given)}.{slugify(family)}{place}@{city.slug}.example",
            language="pl" if city.country_code == "PL" else "en",
            consents=[ConsentKind.PRIVACY, *(kind for kind in list(ConsentKind)[1:] if chance.random() < 0.7)],
        )
        registered.append(services.register(congress, applicant, key=key, now=now))
    services.confirm_waiting(
        congress, up_to=registered[-_WAITING - 1].id if number > _WAITING else 0, actor=Actor(By.ORGANISER, ORGANISER), now=now
    )
    db.session.execute(update(Message).values(state=MessageState.SENT, sent_at=now))


def _cities_that_come(congress: Congress) -> list[City]:
    """160 of the 180 member cities, of 64 countries, as in 2018; which ones stayed away is invented."""
    members = [membership.city for membership in networks.members(congress.network, congress.starts_on)]
    hosts = {city.id for city in congress.hosts}
    by_country: dict[str, list[City]] = {}
    for city in members:
        by_country.setdefault(city.country_code, []).append(city)
    away: set[int] = set()
    alone = [cities[0].id for _code, cities in sorted(by_country.items()) if len(cities) == 1]
    away.update(alone[: max(0, len(by_country) - _COUNTRIES)])
    for _code, cities in sorted(by_country.items(), key=lambda pair: -len(pair[1])):
        if len(members) - len(away) <= _CITIES:
            break
        away.update([city.id for city in cities[1:] if city.id not in hosts][:1])
    return [city for city in members if city.id not in away]
