"""Which cities belong to a network, since when, at what level and in which field: begun, changed and ended by its secretariat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel import Locale
from flask_babel import gettext as _

from congress.core.db import db, lock
from congress.core.errors import CongressError
from congress.core.languages import LANGUAGES
from congress.core.localised import Localised
from congress.core.tables import assign
from congress.core.text import slugify
from congress.networks import queries
from congress.networks.models import City, Country, Designation, Membership, Network
from congress.networks.vocabulary import CityKind, Field, Level, Precision


class CannotBe(CongressError):
    """A city or its membership cannot be so; ``field`` says what is to be changed."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class CityFacts:
    """What is known of a city; ``point`` is its latitude and longitude."""

    names: Localised
    kind: CityKind
    country: str
    point: tuple[float, float] | None
    population: int | None


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """How a city belongs to a network, from when until when (half-open), and the field that it has, since when."""

    level: Level
    national_network: str
    took_index: bool
    since: date | None
    precision: Precision
    until: date | None
    field: Field | None
    field_since: date | None


def country_of(code: str) -> Country:
    """The country of this ISO code; one that nobody has named yet is made, as CLDR names it."""
    country = db.session.get(Country, code)
    if country is None:
        country = Country(code=code, names=Localised({each: Locale(each).territories[code] for each in LANGUAGES}))
        db.session.add(country)
        db.session.flush()
    return country


def add_member(network: Network, facts: CityFacts, member: MemberFacts) -> Membership:
    """A city becomes a member; one that we know of another network, or from earlier, is that city. Raises CannotBe. Flushes."""
    lock(network)
    slug = slugify(facts.names.text("en"))
    if not slug:
        raise CannotBe("name_en", _("The name has no Latin letters, of which the address of the city's page is made."))
    country = country_of(facts.country)
    city = queries.find_city_in(facts.country, slug)
    if city is None:
        taken = queries.find_city(slug) is not None
        city = City(slug=f"{slug[:77]}-{facts.country.lower()}" if taken else slug, country=country)
        change_city(city, facts)
    elif any(each.until is None for each in queries.memberships_of(city) if each.network_id == network.id):
        raise CannotBe("name_en", _("This city is in the network already."))
    membership = Membership(network=network, city=city)
    change_member(membership, member)
    return membership


def change_city(city: City, facts: CityFacts) -> None:
    """What is known of a city, in all networks; the address of its page stays. Flushes."""
    latitude, longitude = facts.point or (None, None)
    known = {"names": facts.names, "kind": facts.kind, "population": facts.population}
    assign(city, known | {"country": country_of(facts.country), "latitude": latitude, "longitude": longitude})
    db.session.add(city)
    db.session.flush()


def change_member(membership: Membership, facts: MemberFacts) -> None:
    """Write how the city belongs to the network. Raises CannotBe. Flushes."""
    lock(membership.network)
    if facts.since and facts.until and facts.until <= facts.since:
        raise CannotBe("until", _("It would end before it begins. Check both."))
    others = [
        each for each in queries.memberships_of(membership.city)
        if each.network_id == membership.network.id and each is not membership
    ]  # fmt: skip
    if any(_overlap(each, facts) for each in others):
        raise CannotBe("since", _("The city is in the network at that time already. Look at its other memberships."))
    values = {"level": facts.level, "national_network": facts.national_network, "took_index": facts.took_index}
    assign(membership, values | {"since": facts.since, "since_precision": facts.precision, "until": facts.until})
    db.session.add(membership)
    _designate(membership, facts.field, facts.field_since)
    db.session.flush()


def _overlap(other: Membership, facts: MemberFacts) -> bool:
    begins, ends = (
        (each or date.min for each in (other.since, facts.since)),
        (each or date.max for each in (other.until, facts.until)),
    )
    return max(begins) < min(ends)


def _designate(membership: Membership, field: Field | None, since: date | None) -> None:
    """The field that it has from then on. With the day of the one it has, that one is put right; with a later one, it ends there."""
    current = next((each for each in membership.designations if each.until is None), None)
    if field is None and current is None:
        return
    if since is None:
        raise CannotBe("field_since", _("Write since when, or from when on no longer."))
    if current is not None and field is not None and (field is current.field or since == current.since):
        current.field, current.since = field, since
        return
    if current is not None and since <= current.since:
        raise CannotBe("field_since", _("The field before that one began later. Check the year."))
    if current is not None:
        current.until = since
    if field is not None:
        membership.designations.append(Designation(field=field, since=since))
