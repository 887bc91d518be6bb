"""Answers that programs ask for again and again: validators, codings, conditional requests (RFC 9110, 8 and 13)."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime
from functools import cached_property, lru_cache

import brotli
from flask import Response, request
from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags

from congress.core.clock import now

CODINGS = ("br", "gzip", "")  # "" is the plain one; the first that is taken is given
_SMALLEST = 500  # bytes; less is not worth compressing


class Document:
    """What is given at an address: bytes, their validators, and the same bytes compressed once somebody takes them so.

    ``filename`` is what it is called when it is saved; with ``is_attachment`` browsers save it rather than show it. A document
    that is not public is for one reader: no shared cache may keep it, and no search engine list it.
    """

    def __init__(
        self,
        body: bytes,
        *,
        content_type: str,
        filename: str,
        last_modified: datetime | None,
        is_public: bool,
        is_attachment: bool = False,
        status: int = 200,
    ) -> None:
        self.body, self.status, self.last_modified = body, status, last_modified
        self.headers = {
            "Content-Type": content_type,
            "Content-Disposition": f'{"attachment" if is_attachment else "inline"}; filename="{filename}"',
            "Cache-Control": f"{'public' if is_public else 'private'}, max-age=300",
            "Vary": "Accept-Encoding",
            "Accept-Ranges": "none",
            **({"Access-Control-Allow-Origin": "*"} if is_public else {"X-Robots-Tag": "noindex"}),
        }

    @cached_property
    def tag(self) -> str:
        """Names the bytes; each coding adds its own name."""
        return hashlib.sha256(self.body).hexdigest()[:32]

    @cached_property
    def _tags(self) -> tuple[str, ...]:
        return tuple(self.etag(coding) for coding in CODINGS)

    @cached_property
    def _gzip(self) -> bytes:
        return gzip.compress(self.body, 6, mtime=0)

    @cached_property
    def _brotli(self) -> bytes:
        return bytes(brotli.compress(self.body, mode=brotli.MODE_TEXT, quality=5))

    def coded(self, coding: str) -> bytes:
        """The bytes in a coding of CODINGS."""
        return {"gzip": lambda: self._gzip, "br": lambda: self._brotli}.get(coding, lambda: self.body)()

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
        since = parse_date(if_modified_since) if if_modified_since else None
        return since is not None and self.last_modified is not None and self.last_modified <= since

    def answer(self, environ: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and bytes for a GET or HEAD request (of HEAD the server drops the bytes)."""
        coding = choose_coding(environ.get("HTTP_ACCEPT_ENCODING", "")) if len(self.body) >= _SMALLEST else ""
        headers = list(self.headers.items())
        headers.append(("ETag", self.etag(coding)))
        if self.last_modified is not None:
            headers.append(("Last-Modified", http_date(min(self.last_modified, now()).astimezone(UTC))))
        known = self.status == 200 and self.is_known(
            environ.get("HTTP_IF_NONE_MATCH", ""), environ.get("HTTP_IF_MODIFIED_SINCE", "")
        )
        if known:
            return 304, [each for each in headers if not each[0].startswith("Content-")], b""
        if coding:
            headers.append(("Content-Encoding", coding))
        body = self.coded(coding)
        return self.status, [*headers, ("Content-Length", str(len(body)))], body


@lru_cache(maxsize=256)
def choose_coding(accepted: str) -> str:
    """The coding of CODINGS that an Accept-Encoding header likes best, ours first among equals (RFC 9110, 12.5.3)."""
    if not accepted:
        return ""
    likes = parse_accept_header(accepted)
    qualities = {name.lower(): quality for name, quality in likes}
    rest = qualities.get("*", 0)
    best, choice = qualities.get("identity", 0.001), ""  # the plain one is always taken, but liked least
    for coding in CODINGS[:-1]:
        quality = qualities.get(coding, rest)
        if quality > 0 and quality > best:
            best, choice = quality, coding
    return choice


def answer(document: Document) -> Response:
    """The document as an answer to the current request."""
    status, headers, body = document.answer(request.environ)
    response = Response(b"" if request.method == "HEAD" else body, status)
    response.headers.clear()
    response.headers.extend(headers)
    return response
