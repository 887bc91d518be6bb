"""Who may do what: pure questions over the roles a person holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class RoleKind(StrEnum):
    """What a person does; ``SITE`` is everywhere, the others in one congress."""

    SITE = "site_administrator"
    ORGANISER = "organiser"
    REGISTRATION_DESK = "registration_desk"
    PROGRAMME_READER = "programme_reader"
    FIELD_COORDINATOR = "field_coordinator"  # and deputies: the sessions of one field


@dataclass(frozen=True)
class Held:
    """A role held now; ``congress_id`` is None for a role over the whole site, ``field`` the one a coordinator looks after."""

    kind: RoleKind
    congress_id: int | None
    field: str = ""


def _holds(held: Iterable[Held], congress_id: int, *kinds: RoleKind) -> bool:
    return any(role.kind is RoleKind.SITE or (role.kind in kinds and role.congress_id == congress_id) for role in held)


def may_see_desk(held: Iterable[Held], congress_id: int) -> bool:
    """Open the organisers' pages of a congress."""
    return _holds(held, congress_id, *set(RoleKind) - {RoleKind.SITE})


def may_edit_programme(held: Iterable[Held], congress_id: int) -> bool:
    """Change the draft and release it."""
    return _holds(held, congress_id, RoleKind.ORGANISER)


def may_see_registrations(held: Iterable[Held], congress_id: int) -> bool:
    """Read who has registered, but for what is sensitive."""
    return _holds(held, congress_id, RoleKind.ORGANISER, RoleKind.REGISTRATION_DESK)


def may_edit_registrations(held: Iterable[Held], congress_id: int) -> bool:
    """Decide on registrations, invite, remind, write to people."""
    return _holds(held, congress_id, RoleKind.ORGANISER, RoleKind.REGISTRATION_DESK)


def may_see_sensitive(held: Iterable[Held], congress_id: int) -> bool:
    """Read passports, diets and access needs; each look is logged."""
    return _holds(held, congress_id, RoleKind.ORGANISER)
