"""A person's data over all congresses: to take away, and to have erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from congress.belongings import queries
from congress.belongings.models import JoinedAddress
from congress.core.db import db
from congress.events import newsletter
from congress.events import services as sign_ups
from congress.programme.people import services as speakers
from congress.registration import privacy as registrations


def own_data(addresses: Sequence[str]) -> dict[str, Any]:
    """Everything that is kept about the person of these addresses, as JSON values (RODO, articles 15 and 20)."""
    found = queries.belongings(addresses)
    return {
        "addresses": list(addresses),
        "registrations": [registrations.own_data(person) for each in found for person in each.registrations],
        "delegations": [
            {"congress": each.congress.slug, "city": of.city.slug, "name": of.focal_name, "email": of.focal_email}
            for each in found
            for of in each.delegations
            if of.focal_email.lower() in addresses
        ],
        "contacts": [
            {"network": each.network.slug, "city": each.city.slug, **registrations.plain(each)}
            for each in queries.contacts(addresses)
        ],
        "sign_ups": [
            {"congress": each.congress.slug, "event": one.item.code, **registrations.plain(one)}
            for each in found
            for one in each.sign_ups
        ],
        "newsletters": [
            {"congress": each.congress.slug, **registrations.plain(one)} for each in found for one in each.subscribers
        ],
        "speaker": [{"congress": each.congress.slug, **registrations.plain(one)} for each in found for one in each.speakers],
    }


def erase(addresses: Sequence[str], *, now: datetime) -> None:
    """What the person may end alone ends now: sign-ups, newsletters, being named. For registrations the organisers are asked.

    Standing contacts are the city's: they are handed over. A second time changes nothing.
    """
    for each in queries.belongings(addresses):
        for registration in each.registrations:
            registrations.ask_for_erasure(registration, now=now)
        for sign_up in each.sign_ups:
            sign_ups.forget(sign_up, now=now)
        for subscriber in each.subscribers:
            newsletter.leave(subscriber, now=now)
        for speaker in each.speakers:
            if speaker.may_be_named or speaker.may_show_photo:
                speakers.agree(speaker, may_be_named=False, may_show_photo=False, now=now)
    db.session.execute(delete(JoinedAddress).where(JoinedAddress.address.in_(addresses)))
    db.session.flush()
