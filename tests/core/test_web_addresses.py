"""Addresses that people type for streams and online rooms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.core.web_addresses import web_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://live.example/stream", "https://live.example/stream"),
        ("http://live.example", "http://live.example"),
        ("HTTPS://Live.Example:8443/Ą?x=%20&y=ż#t", "https://live.example:8443/%C4%84?x=%20&y=%C5%BC#t"),
        ("https://żółw.example/", "https://xn--w-uga1v8h.example/"),
        ("https://rooms.example/j/123?pwd=a,b;c", "https://rooms.example/j/123?pwd=a,b;c"),
    ],
)
def test_an_address_gets_its_form_in_ascii(typed: str, address: str) -> None:
    assert web_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "", "live.example", "//live.example", "https://", "https:///x", "javascript:alert(1)", "data:text/html,x", "ftp://live.example/",
        "https://name:word@live.example/", "https://live.example:99999/", "https://live.example:x/", "https://[::1/", "https://a..example/",
        "https://-a.example/", "https://live.example/a b", "https://live.example/\r\nX:y", 'https://live.example/"onclick="x',
        "https://live.example/<b>", f"https://live.example/{'a' * 480}", f"https://live.example/{'ż' * 90}",
    ],
)  # fmt: skip
def test_anything_else_is_none(typed: str) -> None:
    assert web_address(typed) is None


@given(st.text(max_size=40), st.sampled_from(["", "https://", "http://live.example/", "https://live.example:1"]))
def test_an_address_is_plain_ascii_and_stays_the_same(text: str, begins: str) -> None:
    address = web_address(begins + text)
    if address is not None:
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set(' "<>\\')
        assert address.startswith(("https://", "http://"))
        assert web_address(address) == address
