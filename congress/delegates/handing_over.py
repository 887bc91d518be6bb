"""A city's contact leaves: everything of the city that was theirs goes to a successor, over all congresses of the network."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select

from congress.congresses.models import Congress
from congress.core.db import db, lock
from congress.delegates import chasing, queries, services
from congress.delegates.models import Delegation
from congress.delegates.rules import Recipient, recipients
from congress.networks import queries as networks
from congress.networks.models import City, Network
from congress.outbox import services as outbox
from congress.outbox.services import Letter

TO_SUCCESSOR, TO_ONE_BEFORE = "city_handed_over", "city_handed_over_by"  # templates of the mails


def delegations_of(network: Network, city: City) -> Sequence[Delegation]:
    """The city's delegations of all years, the latest first."""
    chosen = select(Delegation).join(Congress, Congress.id == Delegation.congress_id)
    chosen = chosen.where(Congress.network_id == network.id, Delegation.city_id == city.id).options(*queries.WHOLE)
    return db.session.scalars(chosen.order_by(Congress.starts_on.desc(), Delegation.id)).all()


def hand_over_city(
    network: Network, city: City, before: Collection[str], successor: Recipient, *, by: Recipient, key: str, now: datetime
) -> int:
    """Give what these addresses (in lower case, of one person) have of a city to a successor; how many delegations. Both get a mail.

    All links that the one before may know end. Where somebody else holds a delegation, that one keeps it, and is mailed the new link
    if the congress is still to come. What organisers have revoked stays so.
    """
    lock(network)
    contacts = networks.contacts(network, [city.id]).get(city.id, [])
    # Who is written to about a delegation knows its link.
    theirs = [
        each for each in delegations_of(network, city)
        if any(to.email.lower() in before for to in recipients(each.holder, contacts))
    ]  # fmt: skip
    for congress in sorted({each.congress for each in theirs}, key=lambda congress: congress.id):
        lock(congress)
    given = 0
    for each in theirs:
        lock(each)
        is_of_another = each.holder is not None and each.focal_email.lower() not in before
        if is_of_another:
            _renew_for(each, key=key, by=by.email, now=now)
            continue
        chasing.give(each, successor, by=by.email, now=now)
        given += 1
        if each.link_digest is not None:
            services.renew_link(each, key)
    replaced = sum(chasing.replace_contacts(contacts, address, successor) for address in before)
    db.session.flush()
    if given or replaced:
        _tell(theirs[0].congress if theirs else None, network, city, successor, by, now)
    return given


def _renew_for(delegation: Delegation, *, key: str, by: str, now: datetime) -> None:
    """Another link for who holds the delegation now; of congresses that are over the page with everything tells it."""
    if delegation.link_digest is None:
        return
    services.issue_link(delegation, key=key, by=by, now=now)
    today: date = now.astimezone(delegation.congress.zone).date()
    if delegation.holder is not None and delegation.congress.ends_on >= today:
        letters = chasing.letters_to(delegation, [delegation.holder], "delegation_link", once=str(delegation.link_version))
        outbox.enqueue_all(letters, now=now)


def _tell(latest: Congress | None, network: Network, city: City, successor: Recipient, by: Recipient, now: datetime) -> None:
    once = uuid.uuid4()
    facts = {"network": network.id, "city": city.id, "successor": successor.name, "email": successor.email, "by": by.name}
    letters = [
        Letter(
            key=f"{template.replace('_', '-')}-{once}", to=to.email, template=template, language=to.language,
            facts={**facts, "name": to.name}, congress=latest.id if latest else None, about=f"city:{city.id}",
        )
        for to, template in ((successor, TO_SUCCESSOR), (by, TO_ONE_BEFORE))
    ]  # fmt: skip
    outbox.enqueue_all(letters, now=now)
