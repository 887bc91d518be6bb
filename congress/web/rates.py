"""What is asked how often, and by whom: the table of limits. Pure.

Why these numbers. A congress's wifi and a city hall are one address each: 350 delegates, each with a telephone and a computer, come through
the first one and are told in the same minute that places of a session are free. So limits of an **address** only stop a program that tries
thousands of times; they are ten times what a full hall does. What protects people is counted by what it is about: the **typed** mail address
that would get the mails, the **link**, the **account**. Programs that fetch calendars are counted most generously of all: Google's come for
everybody through a few addresses, and when the wifi comes back 350 people's programs ask at once.

A link has 160 random bits, so a wrong one is never a good guess; that they are counted keeps work and logs small. Beyond the limit wrong links are
answered 429 instead of 404 while right ones go on working: one joker on the congress's wifi must not lock out the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MINUTE, HOUR, DAY = 60, 3600, 86_400


class Whose(StrEnum):
    """What a rate is counted by."""

    ADDRESS = "address"
    TYPED = "typed"  # the mail address in the form
    TYPED_FROM = "typed-from"  # the mail address in the form, from this network address
    LINK = "link"
    ACCOUNT = "account"  # who is signed in; otherwise the network address
    CLAIMED = "claimed"  # the account whose first factor was right, or that is asked for a secret once more


@dataclass(frozen=True)
class Rate:
    """At most ``count`` times in ``seconds``, of whatever ``name`` is about."""

    name: str
    count: int
    seconds: int


RATES: dict[str, tuple[tuple[Whose, Rate], ...]] = {
    # Ten people of an office who mistype twice each; one account from one place; one account from anywhere, high enough that nobody
    # keeps an organiser out for long: who is kept out signs in by a passkey, for which no address is typed.
    "sign-in": (
        (Whose.ADDRESS, Rate("sign-in", 60, 5 * MINUTE)),
        (Whose.TYPED_FROM, Rate("sign-in-typed-from", 10, 10 * MINUTE)),
        (Whose.TYPED, Rate("sign-in-typed", 60, HOUR)),
    ),
    # Codes of an app have six digits, of which three are good at a time: a day's guesses find one of them once in 3,000 days.
    "secret": (
        (Whose.CLAIMED, Rate("secret", 10, 10 * MINUTE)),
        (Whose.CLAIMED, Rate("secret-daily", 100, DAY)),
    ),
    # Forms that send mails to whom they name: of the public, and of signing in. A full hall signs up for the same event; but nobody's letter box gets more than a few mails.
    # What is counted for days is kept for days: by the address's own day nobody fills the memory with made-up letter boxes.
    "letter": (
        (Whose.ADDRESS, Rate("letter", 600, 10 * MINUTE)),
        (Whose.ADDRESS, Rate("letter-daily", 10_000, DAY)),
        (Whose.TYPED, Rate("letter-typed", 10, 10 * MINUTE)),
        (Whose.TYPED, Rate("letter-typed-daily", 40, DAY)),
    ),
    # Codes from paper letters are short (48 bits), and typed by one person of each city.
    "code": ((Whose.ADDRESS, Rate("code", 60, 10 * MINUTE)),),
    # Somebody's own pages: as fast as one person and a few tabs can be.
    "link": ((Whose.LINK, Rate("link", 240, MINUTE)),),
    "link-change": ((Whose.LINK, Rate("link-change", 60, MINUTE)), (Whose.ADDRESS, Rate("link-change-from", 6000, MINUTE))),
    "wrong-link": ((Whose.ADDRESS, Rate("wrong-link", 60, 10 * MINUTE)),),
    # Up to 30 MB each; counted before the body is read.
    "upload": ((Whose.ADDRESS, Rate("upload", 600, 10 * MINUTE)),),
    "upload-link": ((Whose.LINK, Rate("upload-link", 60, 10 * MINUTE)),),
    "upload-account": ((Whose.ACCOUNT, Rate("upload-account", 60, 10 * MINUTE)),),
    # Lists of people and printed sheets: some take seconds, and all are much data at once.
    "export": ((Whose.ACCOUNT, Rate("export", 60, 10 * MINUTE)),),
    "export-link": ((Whose.LINK, Rate("export-link", 30, 10 * MINUTE)),),
    "desk-change": ((Whose.ACCOUNT, Rate("desk-change", 300, MINUTE)),),
    # 350 delegates with two devices and three calendars each are 2,100; a calendar of one person is asked by a few programs.
    "feed": ((Whose.ADDRESS, Rate("feed", 6000, MINUTE)),),
    "feed-link": ((Whose.LINK, Rate("feed-link", 120, MINUTE)),),
}
KEPT_BY_EACH = frozenset({"feed", "feed-link"})  # to ask Redis would cost more than to answer
_EXPORTED = re.compile(r"\.(csv|pdf|xlsx|<suffix>)$|/everything\.json$")
_SECRET = frozenset(f"security.{name}" for name in ("two_factor_token_validation", "mf_recovery", "verify", "change_password"))
_MAILING = frozenset(f"security.{name}" for name in ("us_signin_send_code", "forgot_password", "change_email"))
_FED = re.compile(r"\.(ics|atom|xml|json|pdf)$")


def kinds(endpoint: str, rule: str, *, is_change: bool, takes_files: bool) -> list[str]:
    """Which limits of RATES hold for an address of ours, ``rule`` being its pattern."""
    surface, is_linked = endpoint.partition(".")[0], "<token>" in rule
    if rule.endswith(".ics") or (surface == "public" and _FED.search(rule)):
        return ["feed-link" if is_linked else "feed"]
    found = []
    if surface == "security" and is_change:
        found.append("sign-in")
    if endpoint in _SECRET and is_change:
        found.append("secret")
    if endpoint in _MAILING and is_change:
        found.append("letter")
    if endpoint == "public.codes.index" and is_change:
        found.append("code")
    elif is_change and not is_linked and surface in {"public", "my"}:
        found.append("letter")
    if is_linked:
        found.append("link-change" if is_change else "link")
    elif surface == "desk" and is_change:
        found.append("desk-change")
    if takes_files and is_change:
        found += ["upload", "upload-link" if is_linked else "upload-account"]
    if surface in {"desk", "my"} and _EXPORTED.search(rule):
        found.append("export-link" if is_linked else "export")
    return found
