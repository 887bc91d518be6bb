"""Reads about congresses."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from congress.congresses.models import Congress, HostCity
from congress.core.db import db
from congress.networks.models import City, Network


def congresses(network: Network | None = None) -> Sequence[Congress]:
    """Congresses, the latest first, with network and hosts; of one network if given."""
    chosen = select(Congress).options(
        joinedload(Congress.network), selectinload(Congress.host_places).joinedload(HostCity.city)
    )  # fmt: skip
    if network is not None:
        chosen = chosen.where(Congress.network_id == network.id)
    return db.session.scalars(chosen.order_by(Congress.starts_on.desc())).all()


def find_congress(slug: str) -> Congress | None:
    """The congress of that slug with network and hosts."""
    return db.session.scalar(
        select(Congress)
        .where(Congress.slug == slug)
        .options(
            joinedload(Congress.network), selectinload(Congress.host_places).joinedload(HostCity.city).joinedload(City.country)
        )
    )


def congresses_hosted_by(city: City) -> Sequence[Congress]:
    return db.session.scalars(
        select(Congress).join(HostCity).where(HostCity.city_id == city.id).order_by(Congress.starts_on.desc())
    ).all()
