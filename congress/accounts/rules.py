"""Who may do what: pure questions over the roles a person holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class RoleKind(StrEnum):
    """What a person does; ``SITE`` is everywhere, ``SECRETARIAT`` in all congresses of a network, the others in one congress."""

    SITE = "site_administrator"
    SECRETARIAT = (
        "network_secretariat"  # of congresses reads all but what is sensitive; says who is in the network, begins congresses
    )
    ORGANISER = "organiser"
    REGISTRATION_DESK = "registration_desk"
    CHECK_IN = "check_in"  # at the doors: lists of those who may come in
    PROGRAMME_READER = "programme_reader"
    FIELD_COORDINATOR = "field_coordinator"  # and deputies: the sessions of one field
    DATA_PROTECTION = "data_protection"  # who looked, who is to be erased, the audit log; not the programme


@dataclass(frozen=True)
class Held:
    """A role held now; ``congress_id`` is None for a role over the whole site.

    ``field`` is the one a coordinator looks after. ``city`` is the host city to whose venues an organiser is limited; empty for none.
    """

    kind: RoleKind
    congress_id: int | None
    field: str = ""
    city: str = ""


def _holds(held: Iterable[Held], congress_id: int, *kinds: RoleKind) -> bool:
    return any(role.kind is RoleKind.SITE or (role.kind in kinds and role.congress_id == congress_id) for role in held)


def may_see_desk(held: Iterable[Held], congress_id: int) -> bool:
    """Open the organisers' pages of a congress."""
    return _holds(held, congress_id, *set(RoleKind) - {RoleKind.SITE})


def may_read_programme(held: Iterable[Held], congress_id: int) -> bool:
    """Read the whole draft, print it, take it away. Coordinators see of the draft what is theirs only."""
    return _holds(
        held, congress_id, RoleKind.ORGANISER, RoleKind.REGISTRATION_DESK, RoleKind.PROGRAMME_READER, RoleKind.SECRETARIAT
    )


def may_edit_programme(held: Iterable[Held], congress_id: int) -> bool:
    """Change the draft and release it, approve what coordinators propose: the teams of all host cities alike."""
    return _holds(held, congress_id, RoleKind.ORGANISER)


def may_edit_venue(held: Iterable[Held], congress_id: int, city: str) -> bool:
    """Change houses of a host city, their rooms, when they are open: its own team, and organisers who are limited to no city."""
    return any(
        role.kind is RoleKind.SITE
        or (role.kind is RoleKind.ORGANISER and role.congress_id == congress_id and role.city in {"", city})
        for role in held
    )


def fields_of(held: Iterable[Held], congress_id: int) -> frozenset[str]:
    """The fields whose sessions somebody looks after as coordinator or deputy."""
    return frozenset(role.field for role in held if role.kind is RoleKind.FIELD_COORDINATOR and role.congress_id == congress_id)


def is_coordinator(held: Iterable[Held], congress_id: int) -> bool:
    """Has a page of the own field. Not organisers: they write in the draft itself."""
    return bool(fields_of(held, congress_id))


def may_propose(held: Iterable[Held], congress_id: int, field: str) -> bool:
    """See the sessions of this field in the draft, and propose how they should be."""
    return field in fields_of(held, congress_id)


def may_edit_network(held: Iterable[tuple[RoleKind, int | None]], network_id: int) -> bool:
    """Say who belongs to a network, and begin a congress of it: its secretariat. ``held`` are roles of today with their networks."""
    return any(kind is RoleKind.SITE or (kind is RoleKind.SECRETARIAT and network == network_id) for kind, network in held)


def may_give(held: Iterable[Held], congress_id: int, wanted: Held) -> bool:
    """Give this role in the congress, or end it. Whose role is limited to one city makes no organiser of more than that."""
    if wanted.kind in {RoleKind.SITE, RoleKind.SECRETARIAT} or wanted.congress_id != congress_id:
        return False  # these are given at the command line
    if wanted.kind is RoleKind.ORGANISER:
        return may_edit_venue(held, congress_id, wanted.city)
    return _holds(held, congress_id, RoleKind.ORGANISER)


def may_see_registrations(held: Iterable[Held], congress_id: int) -> bool:
    """Read who has registered, but for what is sensitive."""
    return _holds(held, congress_id, RoleKind.ORGANISER, RoleKind.REGISTRATION_DESK, RoleKind.SECRETARIAT)


def may_edit_registrations(held: Iterable[Held], congress_id: int) -> bool:
    """Decide on registrations, invite, remind, write to people."""
    return _holds(held, congress_id, RoleKind.ORGANISER, RoleKind.REGISTRATION_DESK)


def may_see_sensitive(held: Iterable[Held], congress_id: int) -> bool:
    """Read passports, diets and access needs; each look is logged."""
    return _holds(held, congress_id, RoleKind.ORGANISER)


def may_check_in(held: Iterable[Held], congress_id: int) -> bool:
    """See at a door who may come in."""
    return _holds(held, congress_id, RoleKind.ORGANISER, RoleKind.REGISTRATION_DESK, RoleKind.CHECK_IN)


def may_see_privacy(held: Iterable[Held], congress_id: int) -> bool:
    """See who looked at what is sensitive, erase those who asked, see who may do what and what was done (the audit log)."""
    return _holds(held, congress_id, RoleKind.ORGANISER, RoleKind.DATA_PROTECTION)


def may_reset(held: Iterable[Held], others: Iterable[Held]) -> bool:
    """Take away the second factors of somebody with these roles: whoever could give each of them, so nobody gets into more than the own."""
    held, others = list(held), list(others)
    if any(role.kind is RoleKind.SITE for role in held):
        return True
    return bool(others) and all(role.congress_id is not None and may_give(held, role.congress_id, role) for role in others)
