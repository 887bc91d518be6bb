"""Columns that nobody reads out of a stolen database or backup: encrypted at rest with keys from the environment.

Fernet (AES-128-CBC with HMAC-SHA-256, https://github.com/fernet/spec). The first key encrypts; the others still decrypt, so that a
key can be changed without stopping. ``use_keys`` is called by create_app.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

_keys: list[MultiFernet] = []


def use_keys(keys: Sequence[str]) -> None:
    """Encrypt from now on with the first of these keys, each a text of any length; decrypt with any of them."""
    _keys[:] = [MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])]


class Unreadable(Exception):
    """The value was encrypted with a key that this installation does not have."""


class Sealed(TypeDecorator[Any]):
    """Any JSON value, encrypted. Nothing can be searched, sorted or compared in it; None stays NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _keys[0].encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        try:
            return json.loads(_keys[0].decrypt(value))
        except InvalidToken:
            raise Unreadable("no key of this installation opens this value; see CONGRESS_DATA_KEYS") from None


def seal(content: bytes) -> bytes:
    """Bytes of a file, encrypted as the columns are."""
    return _keys[0].encrypt(content)


def unseal(content: bytes) -> bytes:
    """What ``seal`` was given. Raises Unreadable, also when the bytes were changed or cut."""
    try:
        return _keys[0].decrypt(content)
    except InvalidToken:
        raise Unreadable("no key of this installation opens this file; see CONGRESS_DATA_KEYS") from None
