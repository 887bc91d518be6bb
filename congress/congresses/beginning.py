"""A new congress of a network, of which nothing is known yet but what it is called, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from congress.congresses.copying import need_free_slug
from congress.congresses.models import Congress, CongressKind, HostCity
from congress.core.db import db
from congress.core.localised import Localised
from congress.networks.models import City, Network


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What has to be said of a new congress."""

    slug: str
    kind: CongressKind
    names: Localised
    long_names: Localised
    starts_on: date
    ends_on: date
    timezone: str
    languages: Sequence[str]


def begin_congress(network: Network, wanted: Begun, hosts: Sequence[City]) -> Congress:
    """The congress, seen by nobody until it is published, with nobody registering. Raises CannotCopy. Flushes."""
    need_free_slug(wanted.slug)
    made = Congress(network=network, themes=Localised(), descriptions=Localised(), is_published=False, **vars(wanted))
    made.host_places = [HostCity(city=city) for city in hosts]
    db.session.add(made)
    db.session.flush()
    return made
