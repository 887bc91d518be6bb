"""Addresses that leave the site: in mails, calendars and QR codes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from flask import current_app, has_request_context, request, url_for


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


def outlook(address: str, name: str) -> str:
    """Outlook.com's page that subscribes to a feed."""
    return f"https://outlook.live.com/calendar/0/addfromweb?url={quote(address, safe='')}&name={quote(name, safe='')}"
