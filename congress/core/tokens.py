"""Secret links: derived from the installation's key, so they can be shown again; stored only as a digest.

A token is HMAC-SHA-256 (RFC 2104) of its purpose, owner and version, cut to 160 bits. The database holds SHA-256 of the
token: who reads a backup cannot build a link, and a link mailed before the key was changed still finds its row.
Revoking means a new version; the old digest is no longer found.
"""

import base64
import hashlib
import hmac
import secrets


def derive_token(key: str, purpose: str, owner: str, version: int) -> str:
    """A token of 32 letters and digits without look-alikes (RFC 4648 base32, lower case)."""
    mac = hmac.new(key.encode(), f"{purpose}\n{owner}\n{version}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:20]).decode().lower()


def digest(token: str) -> str:
    """What the database stores of a token: SHA-256 as 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def random_code(length: int = 10) -> str:
    """Random letters and digits that nobody mistakes for others (no I, L, O, U, 0, 1), as people read them out; no personal data."""
    return "".join(secrets.choice("ABCDEFGHJKMNPQRSTVWXYZ23456789") for _ in range(length))
