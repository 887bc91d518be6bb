"""Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits and thirty seconds, which every app knows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30  # seconds
_DIGITS = 6


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 asks for."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, counter: int) -> str:
    """The code of one step (RFC 4226, 5.3)."""
    mac = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def matching_step(secret: str, typed: str, now: datetime, *, after: int | None) -> int | None:
    """The step whose code was typed: this one, the one before or after, for clocks that differ. None where there is none.

    A step is good once: only steps later than ``after``, the last one used, count (RFC 6238, 5.2).
    """
    typed = "".join(typed.split())
    current = int(now.timestamp()) // STEP
    found = None
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(code(secret, step).encode(), typed.encode()) and (after is None or step > after):
            found = step
    return found


def address(secret: str, *, issuer: str, account: str) -> str:
    """What the QR code says (https://github.com/google/google-authenticator/wiki/Key-Uri-Format)."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def in_groups(secret: str) -> str:
    """The secret as people type it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
