"""Answers that programs ask for again and again: validators, codings, conditional requests (RFC 9110, 8 and 13)."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import brotli
from flask import Response, request
from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags

from congress.core.clock import now

CODINGS = ("br", "gzip", "")  # "" is the plain one; the first that is taken is given


class Document:
    """What is given at an address: bytes, their validators, and the same bytes compressed once somebody takes them so.

    ``filename`` is what it is called when it is saved, if it is ever to be; with ``is_attachment`` browsers save it rather than show it. A document
    that is not public is for one reader: no shared cache may keep it, and no search engine list it.
    """

    def __init__(
        self,
        body: bytes | Callable[[], bytes],
        *,
        content_type: str,
        filename: str,
        last_modified: datetime | None,
        is_public: bool,
        is_attachment: bool = False,
        status: int = 200,
        tag: str = "",
        max_age: int = 300,
        quality: int = 5,
    ) -> None:
        """``body`` may be a way to make the bytes, if they are too many to keep; ``tag`` then names them.

        ``max_age`` is in seconds; ``quality`` is that of Brotli, for those who take it.
        """
        self._body, self.status, self.last_modified, self._quality = body, status, last_modified, quality
        self.tag = tag or hashlib.sha256(self.body).hexdigest()[:32]  # each coding adds its own name
        self._tags = tuple(self.etag(coding) for coding in CODINGS)
        self._compressed: dict[str, bytes] = {}
        self._headers = [
            ("Content-Type", content_type),
            ("Cache-Control", f"{'public' if is_public else 'private'}, max-age={max_age}"),
            ("Vary", "Accept-Encoding"),
            ("Accept-Ranges", "none"),
            ("Access-Control-Allow-Origin", "*") if is_public else ("X-Robots-Tag", "noindex"),
        ]
        if filename:
            kind = "attachment" if is_attachment else "inline"
            self._headers.append(("Content-Disposition", f'{kind}; filename="{filename}"'))
        if last_modified is not None:
            self._headers.append(("Last-Modified", http_date(min(last_modified, now()).astimezone(UTC))))
        self._known_headers = [each for each in self._headers if not each[0].startswith("Content-")]

    @property
    def body(self) -> bytes:
        return self._body if isinstance(self._body, bytes) else self._body()

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes, or will once it has been compressed."""
        # How to make bytes holds on to rows, words and places: 7 kB as measured.
        return 2_000 + 2 * len(self._body) if isinstance(self._body, bytes) else 8_000

    def coded(self, coding: str) -> bytes:
        """The bytes in a coding of CODINGS. Two threads may compress at once; both get the same."""
        if not coding:
            return self.body
        if not isinstance(self._body, bytes):
            return self._compress(coding)
        if coding not in self._compressed:
            self._compressed[coding] = self._compress(coding)
        return self._compressed[coding]

    def _compress(self, coding: str) -> bytes:
        return _brotli(self.body, self._quality) if coding == "br" else _gzip(self.body, 6)

    def etag(self, coding: str) -> str:
        """The strong validator of the bytes in a coding."""
        return f'"{self.tag}-{coding}"' if coding else f'"{self.tag}"'

    def is_known(self, if_none_match: str, if_modified_since: str) -> bool:
        """Whether the reader has it already: If-None-Match wins, weak tags and those of every coding count (RFC 9110, 13.1)."""
        if if_none_match:
            if if_none_match in self._tags:
                return True  # as nearly all ask
            tags = parse_etags(if_none_match)
            return any(tags.contains_weak(each.strip('"')) for each in self._tags)
        since = _date(if_modified_since) if if_modified_since else None
        return since is not None and self.last_modified is not None and self.last_modified <= since

    def answer(self, environ: Mapping[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and bytes for a GET or HEAD request (of HEAD the server drops the bytes)."""
        coding = choose_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if self.status == 200 and self.is_known(environ.get("HTTP_IF_NONE_MATCH", ""), environ.get("HTTP_IF_MODIFIED_SINCE", "")):
            return 304, [*self._known_headers, ("ETag", self.etag(coding))], b""
        body = self.coded(coding)
        length = ("Content-Length", str(len(body)))
        coded = [("Content-Encoding", coding)] if coding else []
        return self.status, [*self._headers, ("ETag", self.etag(coding)), *coded, length], body


def _date(text: str) -> datetime | None:
    try:
        return parse_date(text)
    except OverflowError:  # of a year or a zone with twenty digits
        return None


def compressed(body: bytes, coding: str) -> bytes:
    """The bytes in "br" or "gzip", quickly rather than as small as can be: of what is made for one answer."""
    return _brotli(body, 4) if coding == "br" else _gzip(body, 4)


def _gzip(body: bytes, level: int) -> bytes:
    return gzip.compress(body, level, mtime=0)


def _brotli(body: bytes, quality: int) -> bytes:
    return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality))


@lru_cache(maxsize=256)
def choose_coding(accepted: str) -> str:
    """The coding of CODINGS that an Accept-Encoding header likes best, ours first among equals (RFC 9110, 12.5.3)."""
    if not accepted:
        return ""
    likes = parse_accept_header(accepted)
    qualities = {name.lower(): quality for name, quality in likes}
    liked = {coding: qualities.get(coding, qualities.get("*", 0)) for coding in CODINGS[:-1]}
    liked[""] = qualities.get("identity", 0.0005)  # the plain one is always taken, but if nobody names it liked least
    best = max(CODINGS, key=liked.__getitem__)
    return best if liked[best] > 0 else ""


def answer(document: Document) -> Response:
    """The document as an answer to the current request."""
    status, headers, body = document.answer(request.environ)
    response = Response(b"" if request.method == "HEAD" else body, status)
    response.headers.clear()
    response.headers.extend(headers)
    return response
