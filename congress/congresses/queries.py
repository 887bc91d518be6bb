"""Reads about congresses."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from congress.congresses.models import Congress, CongressKind, HostCity
from congress.core.db import db
from congress.networks.models import City, Network


def congresses(network: Network | None = None, *, only_published: bool = False) -> Sequence[Congress]:
    """Congresses, the latest first, with network and hosts; of one network if given, or those that everybody may see."""
    chosen = select(Congress).options(
        joinedload(Congress.network), selectinload(Congress.host_places).joinedload(HostCity.city)
    )  # fmt: skip
    if network is not None:
        chosen = chosen.where(Congress.network_id == network.id)
    if only_published:
        chosen = chosen.where(Congress.is_published)
    return db.session.scalars(chosen.order_by(Congress.starts_on.desc())).all()


# Put together once: nearly every request begins with one of them.
_OF_SLUG = select(Congress).where(Congress.slug == bindparam("slug"))
_WITH_PLACES = _OF_SLUG.options(
    joinedload(Congress.network), selectinload(Congress.host_places).joinedload(HostCity.city).joinedload(City.country)
)


def find_congress(slug: str, *, with_places: bool = True) -> Congress | None:
    """The congress of that slug, with network and hosts unless they are not wanted."""
    return db.session.scalar(_WITH_PLACES if with_places else _OF_SLUG, {"slug": slug})


def kind_of(congress_id: int | None) -> CongressKind:
    """What the congress is; of none, as of what is about an account, a congress."""
    congress = db.session.get(Congress, congress_id) if congress_id is not None else None
    return congress.kind if congress is not None else CongressKind.CONGRESS


def get_congress(slug: str) -> Congress:
    """Raises sqlalchemy.exc.NoResultFound."""
    return db.session.execute(_OF_SLUG, {"slug": slug}).scalar_one()
