"""Writing to cities: invitations, reminders, and links that go to their contacts.

One mail for each address, whatever number of contacts share it, in the contact's language. What a mail says is made when it leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from congress.congresses.models import Congress
from congress.core.db import lock
from congress.core.tokens import digest
from congress.delegates import queries, services
from congress.delegates.models import Delegation
from congress.delegates.refusals import NobodyToWriteTo
from congress.delegates.rules import Recipient, recipients
from congress.delegates.vocabulary import DelegationEventKind, DelegationState
from congress.networks import queries as networks
from congress.networks.models import City, Contact
from congress.networks.vocabulary import ContactKind
from congress.outbox import services as outbox
from congress.outbox.services import Letter


@dataclass(frozen=True)
class Written:
    """To how many cities how many mails were queued, and which cities could not be written to."""

    cities: int
    mails: int
    unreachable: tuple[City, ...] = ()


def invite(congress: Congress, cities: Sequence[City], *, by: str, now: datetime) -> Written:
    """Invite those of these cities that were not invited yet: a mail with the delegation's link to each of the city's contacts.

    A city whose contacts have no mail address stays as it is. A second time writes to nobody.
    """
    lock(congress)
    contacts = networks.contacts(congress.network, [city.id for city in cities])
    letters: list[Letter] = []
    invited, unreachable = 0, []
    for city in cities:
        delegation = services.delegation_of(congress, city)
        if delegation.state is not DelegationState.NOT_INVITED:
            continue
        found = recipients(None, contacts.get(city.id, ()))
        if not found:
            unreachable.append(city)
            continue
        first = found[0]
        delegation.focal_name, delegation.focal_email, delegation.focal_language = first.name, first.email, first.language
        services.mark_invited(delegation, by=by, now=now)
        letters += letters_to(delegation, found, "delegation_invited", once=str(delegation.version))
        invited += 1
    return Written(invited, outbox.enqueue_all(letters, now=now), tuple(unreachable))


def remind(
    congress: Congress, delegation_ids: Collection[int], *, lacking: Collection[int] = (), by: str, now: datetime
) -> Written:
    """Remind those of these delegations that have not sent their people yet, or are among the ``lacking``: whose people still have
    to tell something. Nobody gets two reminders on one day.
    """
    lock(congress)
    chosen = queries.delegations(congress, delegation_ids)
    delegations = [each for each in chosen if each.may_be_reminded or (each.was_sent and each.id in lacking)]
    contacts = networks.contacts(congress.network, [each.city_id for each in delegations])
    planned: dict[int, list[Letter]] = {}
    unreachable = []
    for each in delegations:
        found = recipients(each.holder, contacts.get(each.city_id, ()))
        if found:
            planned[each.id] = letters_to(each, found, "delegation_reminded", once=f"{now:%Y-%m-%d}")
        else:
            unreachable.append(each.city)
    known = {message.key for message in outbox.messages(letter.key for letters in planned.values() for letter in letters)}
    new = {owner: [letter for letter in letters if letter.key not in known] for owner, letters in planned.items()}
    reminded = [each for each in delegations if new.get(each.id)]
    for each in reminded:
        services.log(each, DelegationEventKind.REMINDED, by=by, now=now, detail=", ".join(letter.to for letter in new[each.id]))
    mails = outbox.enqueue_all([letter for letters in new.values() for letter in letters], now=now)
    return Written(len(reminded), mails, tuple(unreachable))


def letters_to(delegation: Delegation, to: Sequence[Recipient], template: str, *, once: str) -> list[Letter]:
    """A mail to each; ``once`` is what the mails of one occasion have in common, so that none is queued twice."""
    return [
        Letter(
            key=f"{template.replace('_', '-')}-{delegation.id}-{once}-{digest(each.email.lower())[:12]}",
            to=each.email, template=template, language=each.language, congress=delegation.congress_id,
            about=f"delegation:{delegation.id}", facts={"delegation": delegation.id, "name": each.name},
        )
        for each in to
    ]  # fmt: skip


def send_new_link(delegation: Delegation, *, key: str, by: str, now: datetime) -> Written:
    """End the link and mail a new one to who holds it and to the city's contacts. Raises NobodyToWriteTo."""
    _lock(delegation)
    found = recipients(delegation.holder, _contacts(delegation))
    if not found:
        raise NobodyToWriteTo(_("No contact of this city has a mail address. Add one, then send the link."))
    services.issue_link(delegation, key=key, by=by, now=now)
    letters = letters_to(delegation, found, "delegation_link", once=str(delegation.link_version))
    return Written(1, outbox.enqueue_all(letters, now=now))


def hand_over(delegation: Delegation, successor: Recipient, *, key: str, by: str, now: datetime) -> None:
    """Give the delegation to a successor, who gets a mail with a new link; the old link and the code of the letter end.

    Where the one before stands among the city's contacts as main or alternate contact, the successor stands there from now on:
    otherwise the next reminder would bring the new link to the one before.
    """
    _lock(delegation)
    replace_contacts(_contacts(delegation), delegation.focal_email.lower(), successor)
    give(delegation, successor, by=by, now=now)
    services.renew_link(delegation, key)
    outbox.enqueue_all(letters_to(delegation, [successor], "delegation_handed_over", once=str(delegation.link_version)), now=now)


def replace_contacts(contacts: Iterable[Contact], before: str, successor: Recipient) -> int:
    """Let the successor stand where ``before`` (an address in lower case) stands as main or alternate contact; how often that was."""
    found = [
        each for each in contacts
        if before and each.email.lower() == before and each.kind in (ContactKind.MAIN, ContactKind.ALTERNATE)
    ]  # fmt: skip
    for contact in found:
        contact.given_name, contact.family_name = "", successor.name[:100]
        contact.title = contact.phone = contact.function = ""
        contact.email, contact.language = successor.email, successor.language
    return len(found)


def give(delegation: Delegation, successor: Recipient, *, by: str, now: datetime) -> None:
    """The successor holds the delegation from now on, and the code of the letter ends. The caller holds its lock, and renews the link."""
    delegation.focal_name, delegation.focal_email, delegation.focal_language = successor.name, successor.email, successor.language
    delegation.code_digest = None
    services.log(delegation, DelegationEventKind.HANDED_OVER, by=by, now=now, detail=f"{successor.name} <{successor.email}>")


def _lock(delegation: Delegation) -> None:
    """As everybody who changes a delegation: the congress first."""
    lock(delegation.congress)
    lock(delegation)


def _contacts(delegation: Delegation) -> Sequence[Contact]:
    return networks.contacts(delegation.congress.network, [delegation.city_id]).get(delegation.city_id, [])
