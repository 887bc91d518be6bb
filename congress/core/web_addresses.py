"""Addresses on the web that people type, of a live stream or an online room. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

LONGEST_ADDRESS = 500  # characters
_HOST = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*\.?")
_NEVER = re.compile(r'[\s\x00-\x20\x7f"<>\\^`{|}]')


def web_address(text: str) -> str | None:
    """The address in ASCII, None if it is not one of https or http. A name and a password in it are refused: they would be published."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises where it is no number)
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
    is_web = parts.scheme in {"https", "http"} and _HOST.fullmatch(host) and not (parts.username or parts.password)
    if not is_web or _NEVER.search(text):
        return None
    written = parts._replace(netloc=host if parts.port is None else f"{host}:{parts.port}").geturl()
    address = quote(written, safe="%/:?#[]@!$&'()*+,;=~-._")
    return address if len(address) <= LONGEST_ADDRESS else None
