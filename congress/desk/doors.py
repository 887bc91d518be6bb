"""Whose address is whose, for every route of the application: the table that ``congress rights`` prints and ``/desk/rights/`` shows.

A congress's pages of the desk stand in ``rights.AREAS``, which their guard asks; all others here. A route that stands nowhere fails a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.routing import Map, Rule

from congress.accounts.forms import ROLE_LABELS
from congress.accounts.rules import Held, RoleKind
from congress.core.types import LARGEST_ID
from congress.desk import rights
from congress.desk.rights import Area
from congress.web.security import CLOSED

_CONGRESS = "/desk/<congress>/"


@dataclass(frozen=True)
class Door:
    """What stands before an address outside a congress's desk, and whether anybody, or anybody with an account, passes it."""

    name: LazyString
    is_open: bool = False
    opens_to_accounts: bool = False


EVERYBODY = Door(_("Open to everybody"), is_open=True, opens_to_accounts=True)
ACCOUNT = Door(_("Signed in"), opens_to_accounts=True)
PRIVACY = Door(_("Organisers and data protection officers of any congress"))
NETWORK = Door(_("Secretariat of the network and site administrators"))
PERSON = Door(_("Secret link of a registration"))
CITY = Door(_("Secret link of a delegation"))
VISITOR = Door(_("Secret link of a sign-up"))
SUBSCRIBER = Door(_("Secret link of the newsletter"))
SPEAKER = Door(_("Secret link of a speaker"))
CALENDAR = Door(_("Secret address of a calendar"))
ADDRESS = Door(_("Mailed link of an address, then a session of its own"))
MAILED = Door(_("Mailed link of an account"))
OPERATOR = Door(_("Token of the operators"))
NOBODY = Door(_("Closed"))

_BEFORE_SIGNING_IN = (
    "login", "us_signin", "us_signin_send_code", "wan_signin", "wan_signin_response", "tf_select", "two_factor_token_validation", "mf_recovery",
    "forgot_password",
)  # fmt: skip
_OF_AN_ACCOUNT = (
    "logout", "verify", "wan_verify", "wan_verify_response", "change_password", "change_email", "two_factor_setup", "two_factor_setup_validate",
    "mf_recovery_codes", "wan_register", "wan_register_response", "wan_delete",
)  # fmt: skip

# By endpoint, or by the blueprint that it belongs to.
DOORS: dict[str, Door] = {
    **dict.fromkeys(
        (
            "static", "bootstrap.static", "healthz", "readyz", *(f"security.{name}" for name in _BEFORE_SIGNING_IN),
            "public.accessibility", "public.appearance", "public.booklet", "public.calendar", "public.changes", "public.changes_log", "public.cities",
            "public.codes", "public.documents", "public.events", "public.home", "public.networks", "public.newsletter", "public.now",
            "public.offline", "public.participants", "public.press", "public.programme", "public.registration", "public.schedule", "public.sign_in",
            "public.sign_ups", "public.since", "public.speakers",
        ),
        EVERYBODY,
    ),
    **dict.fromkeys(("invitations", "security.reset_password", "security.change_email_confirm"), MAILED),
    **dict.fromkeys((f"security.{name}" for name in _OF_AN_ACCOUNT), ACCOUNT),
    **dict.fromkeys((f"security.{name}" for name in CLOSED), NOBODY),
    **dict.fromkeys(("desk.home.index", "desk.account", "desk.style"), ACCOUNT),
    **dict.fromkeys(
        ("my.data", "my.documents", "my.form", "my.participants", "my.registration", "my.sessions", "my.uploads"), PERSON
    ),
    **dict.fromkeys(("my.delegation", "my.delegation_form", "my.delegation_lists", "my.delegation_people", "my.offerings"), CITY),
    "my.calendar": CALENDAR,
    **dict.fromkeys(("my.everything", "my.everything_cities", "my.everything_data"), ADDRESS),
    "my.newsletter": SUBSCRIBER,
    "my.sign_ups": VISITOR,
    "my.speaker": SPEAKER,
    "desk.rights": PRIVACY,
    **dict.fromkeys(("desk.networks", "desk.network_cities"), NETWORK),
    "metrics": OPERATOR,
}  # fmt: skip

# The columns: who asks. Roles are held in the congress whose page it is.
ANYBODY, NO_ROLE, OF_A_CITY, OWN_LINK = "anybody", "no_role", "organiser_of_a_city", "own_link"
COLUMNS: dict[str, LazyString] = {
    ANYBODY: _("Anybody"),
    OWN_LINK: _("With the personal link"),
    NO_ROLE: _("Signed in, without a role"),
    OF_A_CITY: _("Organiser of one city"),
    **{kind.value: name for kind, name in ROLE_LABELS.items()},
}


@dataclass(frozen=True)
class Row:
    """One route: who reads it (GET), who writes (POST); None where the route does not take that."""

    rule: str
    endpoint: str
    group: str
    before: Door | Area
    reads: frozenset[str] | None
    writes: frozenset[str] | None

    @property
    def behind(self) -> LazyString:
        """What stands before it, in words."""
        return self.before.name if isinstance(self.before, Door) else _("Role")


@dataclass
class Part:
    """The routes of one blueprint behind one door: a line of the page."""

    name: str
    behind: LazyString
    rules: list[str]
    reads: frozenset[str]
    writes: frozenset[str]


def find_door(rule: Rule) -> Door | Area | None:
    """What stands before a route; None where nobody has decided."""
    endpoint = str(rule.endpoint)
    if rule.rule.startswith(_CONGRESS):
        return rights.area(endpoint) if rights.is_decided(endpoint) else None
    return DOORS.get(endpoint) or DOORS.get(endpoint.rpartition(".")[0])


def table(url_map: Map) -> list[Row]:
    """Every route that has been decided on, in the order of their addresses."""
    rows = [_row(rule, found) for rule in url_map.iter_rules() if (found := find_door(rule)) is not None]
    return sorted(rows, key=lambda row: (row.group, row.rule))


def _row(rule: Rule, found: Door | Area) -> Row:
    methods, group = rule.methods or set(), rule.endpoint.partition(".")[0] if "." in rule.endpoint else "static"
    if group in {"bootstrap", "security"}:
        group = "static" if rule.endpoint.endswith("static") else "desk"
    return Row(
        rule.rule,
        rule.endpoint,
        group,
        found,
        _who(found, changes=False) if "GET" in methods else None,
        _who(found, changes=True) if "POST" in methods else None,
    )


def _who(found: Door | Area, *, changes: bool) -> frozenset[str]:
    return frozenset(column for column in COLUMNS if _passes(column, found, changes=changes))


def _passes(column: str, found: Door | Area, *, changes: bool) -> bool:
    """Whether somebody of a column passes."""
    if isinstance(found, Area):
        held = held_by(column, 1)
        return bool(held) and rights.opens(found, held, 1, is_change=changes)
    if found.is_open:
        return True
    if column == ANYBODY:
        return False
    if column == OWN_LINK:
        return not found.opens_to_accounts and found not in {PRIVACY, NETWORK, OPERATOR, NOBODY}
    if found is PRIVACY:
        return rights.opens(rights.PRIVACY, held_by(column, 1), 1, is_change=changes)
    if found is NETWORK:
        return column in {RoleKind.SITE, RoleKind.SECRETARIAT}
    return found.opens_to_accounts


def held_by(column: str, congress_id: int) -> list[Held]:
    """What somebody of a column holds in a congress."""
    if column in {ANYBODY, OWN_LINK, NO_ROLE}:
        return []
    if column == OF_A_CITY:
        return [Held(RoleKind.ORGANISER, congress_id, city="x")]
    kind = RoleKind(column)
    return [Held(kind, None if kind is RoleKind.SITE else congress_id, field="x" if kind is RoleKind.FIELD_COORDINATOR else "")]


def undecided(rules: Iterable[Rule]) -> list[str]:
    """Routes of which nobody has said who may open them."""
    return sorted({f"{rule.endpoint} {rule.rule}" for rule in rules if find_door(rule) is None})


def parts(rows: Iterable[Row]) -> dict[str, list[Part]]:
    """The lines of the page, by the surface to which they belong."""
    found: dict[tuple[str, str, int], Part] = {}
    groups: dict[str, list[Part]] = {}
    for row in rows:
        name = row.endpoint.rpartition(".")[0] or row.endpoint
        part = found.get((row.group, name, id(row.before)))
        if part is None:
            part = found[row.group, name, id(row.before)] = Part(name, row.behind, [], frozenset(), frozenset())
            groups.setdefault(row.group, []).append(part)
        part.rules.append(row.rule.replace(f"(max={LARGEST_ID})", ""))
        part.reads |= row.reads or frozenset()
        part.writes |= row.writes or frozenset()
    return groups
