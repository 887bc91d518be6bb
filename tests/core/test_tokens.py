"""Secret links."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from congress.core.tokens import derive_token, digest

KEY = "test-only-key-0123456789-abcdefghijklmnop"
# printf 'calendar\nowner\n1' | openssl dgst -sha256 -hmac KEY -binary | head -c 20 | base32 | tr A-Z a-z
KNOWN = "yevzaylwn7nzfsoku6ivqniyz6gprj7n"


def test_a_token_is_the_hmac_of_purpose_owner_and_version():
    assert derive_token(KEY, "calendar", "owner", 1) == KNOWN


def test_another_key_purpose_owner_or_version_gives_another_token():
    tokens = {
        derive_token(KEY, "calendar", "owner", 1),
        derive_token(KEY[::-1], "calendar", "owner", 1),
        derive_token(KEY, "registration", "owner", 1),
        derive_token(KEY, "calendar", "other", 1),
        derive_token(KEY, "calendar", "owner", 2),
    }
    assert len(tokens) == 5


@given(st.text(), st.integers(1, 10**6))
def test_every_token_is_32_lower_case_letters_and_digits(owner, version):
    assert re.fullmatch("[a-z2-7]{32}", derive_token(KEY, "calendar", owner.encode(errors="replace").decode(), version))


def test_the_digest_is_sha_256():
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
