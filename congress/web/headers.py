"""Headers of safety, which every answer carries: pages, files, errors; calendars get theirs at the door.

What they forbid, our pages do not do: nothing is loaded from elsewhere, no script or style stands in a page, nobody frames us.
"""

from __future__ import annotations

from flask import Flask, Response, request
from flask_talisman import Talisman

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # Bootstrap's sheet draws its ticks and arrows with data:
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_NOT_OURS = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip
_OF_CALENDARS = "default-src 'none'; frame-ancestors 'none'"
_CALENDARS = frozenset({"text/calendar", "application/calendar+json"})
_SECRET = ("/my/", "/desk/")
DAY = 86_400


def transport(app: Flask) -> list[tuple[str, str]]:
    """What tells browsers to come by TLS only, where the site is at https and the settings do not say otherwise."""
    days = int(app.config["HSTS_DAYS"])
    if not days or not app.config["SITE_URL"].startswith("https:"):
        return []
    return [("Strict-Transport-Security", f"max-age={days * DAY}; includeSubDomains")]


def of_calendars(app: Flask) -> list[tuple[str, str]]:
    """For the door: calendars are no pages, and the public ones are for web pages of others too."""
    return [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", _OF_CALENDARS),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
        *transport(app),
    ]


def init_app(app: Flask) -> None:
    # Registered before Talisman, so that it runs after it: the last one registered runs first.
    @app.after_request
    def _finish(response: Response) -> Response:
        if request.path.startswith(_SECRET):
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers["X-Robots-Tag"] = "noindex"
        is_calendar = response.mimetype in _CALENDARS
        if is_calendar:
            response.headers["Content-Security-Policy"] = _OF_CALENDARS
        elif response.status_code >= 300:  # a page of ours also where a file would have been given
            response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in _POLICY.items())
        # What other pages may read (CORS) they may also embed; nothing else.
        is_shared = is_calendar or response.headers.get("Access-Control-Allow-Origin") == "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_shared else "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.extend(transport(app))
        return response

    Talisman(
        app,
        force_https=False,
        strict_transport_security=False,
        content_security_policy=_POLICY,
        frame_options="DENY",
        permissions_policy=dict.fromkeys(_NOT_OURS, "()"),
        referrer_policy="strict-origin-when-cross-origin",
        session_cookie_secure=app.config["SESSION_COOKIE_SECURE"],
    )
