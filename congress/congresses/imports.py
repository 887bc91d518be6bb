"""A congress from a TOML file; a second run of the same file changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from congress.congresses.models import Congress, CongressKind, HostCity, is_slug
from congress.congresses.queries import find_congress
from congress.core.db import db
from congress.core.languages import is_language
from congress.core.localised import Localised
from congress.core.tables import BadFile
from congress.networks import queries as networks

_TEXTS = ("names", "long_names", "themes", "descriptions")
_NUMBERS = ("min_delegates", "max_delegates", "travel_minutes")


def import_congress(path: Path, *, shift: timedelta = timedelta(0)) -> Congress:
    """Make or change a congress as the file says, its dates moved by ``shift``. Raises BadFile, and then has written nothing."""
    try:
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as reason:
        raise BadFile(f"{path} cannot be read: {reason.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise BadFile(f"{path.name} is no TOML file: {reason}.") from None
    reader = _Reader(path.name, facts)
    slug = reader.take(
        "slug", lambda text: _slug(str(text)), "write 2 to 40 small letters, digits and hyphens; some words are taken"
    )
    network = reader.take("network", lambda text: networks.find_network(str(text)), "is not a known network")
    hosts = reader.take(
        "hosts", lambda slugs: [_found(networks.find_city(each)) for each in slugs], "name one or more known cities"
    )
    zone = reader.take("timezone", lambda name: ZoneInfo(name).key, "write an IANA name such as Europe/Warsaw")
    days = [reader.take(name, _day, "write a date such as 2018-06-12") for name in ("starts_on", "ends_on")]
    kind = reader.take("kind", CongressKind, f"is not one of: {', '.join(CongressKind)}")
    languages = reader.take("languages", _languages, 'write a list of codes such as ["en", "pl", "fr"]')
    opens_at, closes_at = (_instant(facts.get(name), zone, shift) for name in ("registration_opens_at", "registration_closes_at"))
    reader.raise_problems()

    congress = find_congress(slug) or Congress(slug=slug)
    congress.network, congress.kind, congress.timezone, congress.languages = network, kind, zone, languages
    congress.starts_on, congress.ends_on = (day + shift for day in days)
    congress.registration_opens_at, congress.registration_closes_at = opens_at, closes_at
    congress.contact_email = str(facts.get("contact_email", ""))
    for name in _TEXTS:
        setattr(congress, name, Localised(facts.get(name, {})))
    for name in _NUMBERS:
        if name in facts:
            setattr(congress, name, int(facts[name]))
    if [city.id for city in congress.hosts] != [city.id for city in hosts]:
        congress.host_places[:] = [HostCity(city=city) for city in hosts]
    db.session.add(congress)
    db.session.flush()
    return congress


class _Reader:
    def __init__(self, name: str, facts: dict[str, Any]) -> None:
        self.name, self.facts, self.problems = name, facts, list[str]()

    def take(self, key: str, parse: Callable[[Any], Any], reason: str) -> Any:
        if key not in self.facts:
            self.problems.append(f"{self.name}: {key} is missing; {reason}")
            return None
        try:
            return _found(parse(self.facts[key]))
        except (ValueError, KeyError, TypeError, ZoneInfoNotFoundError):
            self.problems.append(f"{self.name}, {key}: “{str(self.facts[key])[:60]}” {reason}")
            return None

    def raise_problems(self) -> None:
        if self.problems:
            raise BadFile("\n".join(self.problems))


def _found(value: Any) -> Any:
    if value is None:
        raise ValueError
    return value


def _slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError
    return text


def _languages(codes: object) -> list[str]:
    if not isinstance(codes, list) or not codes or len(set(codes)) != len(codes) or not all(map(is_language, codes)):
        raise ValueError
    return codes


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError
    return value


def _instant(value: object, zone: str | None, shift: timedelta) -> datetime | None:
    if not isinstance(value, datetime) or zone is None:
        return None
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))) + shift
