"""Addresses that leave the site: in mails, calendars and QR codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import current_app, has_request_context, request, url_for

from congress.feeds.models import Purpose


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of a page: under CONGRESS_SITE_URL where that is set, else under the host of the request."""
    path = url_for(endpoint, _external=False, **values) if has_request_context() else _path(endpoint, values)
    return site_url() + path


def site_url() -> str:
    """Where the site is, without a slash at the end."""
    if current_app.config["SITE_URL"]:
        return str(current_app.config["SITE_URL"])
    return request.host_url.rstrip("/") if has_request_context() else "http://127.0.0.1:8000"


def _path(endpoint: str, values: dict[str, Any]) -> str:
    # Outside a request Flask builds only external addresses.
    with current_app.test_request_context():
        return url_for(endpoint, _external=False, **values)


def webcal(address: str) -> str:
    """The same address as calendar programs on Apple's and other systems take it; never ``webcals:``."""
    return f"webcal://{urlsplit(address).netloc}{urlsplit(address).path}" + (
        f"?{urlsplit(address).query}" if urlsplit(address).query else ""
    )


def google(address: str) -> str:
    """Google Calendar's page that subscribes to a feed."""
    return f"https://calendar.google.com/calendar/r?cid={quote(webcal(address), safe='')}"


def outlook(address: str, name: str, *, host: str = "outlook.live.com") -> str:
    """Outlook.com's page that subscribes to a feed; work and school accounts have the same one at outlook.office.com."""
    return f"https://{host}/calendar/0/addfromweb?url={quote(address, safe='')}&name={quote(name, safe='')}"


def with_options(address: str, options: Mapping[str, str]) -> str:
    """The address of a calendar with options. Commas stay readable; Google takes no more than 256 characters."""
    return f"{address}?{urlencode(options, safe=',')}" if options else address


def secret_calendar(token: str, congress_slug: str, purpose: Purpose) -> str:
    """The address of a person's calendar."""
    return absolute("my.calendar.feed", token=token, name=purpose.file_name(congress_slug))
