"""How often anybody may ask for what: counted before anything is read or locked, answered with 429 and when to come back.

The table of what is counted stands in ``rates``; Flask-Limiter counts, in memory or in Redis. Network addresses are those that
``CONGRESS_TRUSTED_PROXIES`` makes of the request; of IPv6 the first 64 bits, which one household or one telephone has. Requests from this machine
itself are counted by link and account, not by address: they come from a proxy that nobody has declared, behind which all readers look the same.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, current_app, g, jsonify, request, session
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_limiter import Limiter
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import RateLimiter, SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

from congress.core.db import db
from congress.core.forms import valid_address
from congress.web.errors import error_page
from congress.web.rates import KEPT_BY_EACH, RATES, Rate, Whose, kinds

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_TYPED = ("email", "identity", "username")  # fields of forms in which the address of an account or of a reader is typed
_PATIENCE = 0.25  # seconds that a request waits for Redis


@dataclass(frozen=True)
class Counters:
    """What counts for one application."""

    limiter: Limiter
    gates: dict[str, Callable[[], None]]  # by name of the rate; each counts one more of g.counted_for, or raises TooManyRequests
    feeds: RateLimiter  # of this process alone: to ask Redis would cost more than to give a calendar


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """What an address is counted as: itself, or of IPv6 its first 64 bits; nothing for this machine."""
    try:
        if ":" not in address:
            four = IPv4Address(address)
            return "" if four.is_loopback else str(four)
        six = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return ""  # a socket of this machine
    if six.ipv4_mapped is not None:
        return network_of(str(six.ipv4_mapped))
    return "" if six.is_loopback else f"{IPv6Address(int(six) >> 64 << 64)}/64"


def _digest(app: Flask, text: str) -> str:
    """So that neither Redis nor a dump of memory holds links and addresses."""
    key = str(app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"rates\n{text}".encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:32]


def _subject(whose: Whose) -> str:
    """Whom this request is counted for; "" if there is nobody."""
    network = network_of(request.remote_addr or "")
    if whose is Whose.ADDRESS:
        return network
    if whose is Whose.LINK:
        return _digest(current_app, str((request.view_args or {}).get("token", "")))
    if whose is Whose.ACCOUNT:
        account = session.get("_user_id")
        return _digest(current_app, str(account)) if account else network
    if whose is Whose.CLAIMED:
        claimed = session.get("tf_user_id") or session.get("_user_id")
        return _digest(current_app, str(claimed)) if claimed else network
    sent = {(valid_address(text) or text).casefold() for name in _TYPED if (text := request.form.get(name, "").strip())}
    if len(sent) > 1:
        abort(400)  # one is counted, and another one may be what the form reads
    typed = "".join(sent)
    if not typed:
        return ""
    return _digest(current_app, f"{typed}\n{network}" if whose is Whose.TYPED_FROM else typed)


def _count(names: list[str], wanted: frozenset[Whose]) -> None:
    """Count what this request asks for. Raises TooManyRequests."""
    if not current_app.config["RATE_LIMITS"]:
        return
    counters: Counters = current_app.extensions["limits"]
    for name in names:
        for whose, rate in RATES[name]:
            if whose not in wanted or not (subject := _subject(whose)):
                continue
            if name not in KEPT_BY_EACH:
                g.counted_for = subject
                counters.gates[rate.name]()
            elif not counters.feeds.hit(item := _item(rate), subject):
                _tell(counters.feeds.get_window_stats(item, subject).reset_time)
                raise TooManyRequests


@lru_cache
def _item(rate: Rate) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(rate.count, rate.seconds, namespace=rate.name)


def _tell(reset_at: float) -> None:
    """Keep for the answer when to come back."""
    g.retry_after = max(1, math.ceil(reset_at - time.time()))


def _names() -> list[str]:
    view = current_app.view_functions.get(request.endpoint or "")
    return kinds(
        request.endpoint or "",
        request.url_rule.rule if request.url_rule else "",
        is_change=request.method not in _SAFE,
        takes_files=getattr(view, "takes_files", False),
    )


_BEFORE_THE_BODY = frozenset(Whose) - {Whose.TYPED, Whose.TYPED_FROM}


def check_asker() -> None:
    """By whom and for what it is asked, before the body is read. Raises TooManyRequests."""
    _count(_names(), _BEFORE_THE_BODY)


def check_typed() -> None:
    """Whose mail address stands in the form, once the body is read and before anything is locked. Raises TooManyRequests."""
    _count(_names(), frozenset({Whose.TYPED, Whose.TYPED_FROM}))


def is_full(app: Flask, environ: WSGIEnvironment, name: str, token: str = "") -> bool:
    """Whether calendars are asked for too often at the door, with this link or else from this address; counts it if not."""
    if not app.config["RATE_LIMITS"]:
        return False
    subject = _digest(app, token) if token else network_of(environ.get("REMOTE_ADDR", ""))
    counters: Counters = app.extensions["limits"]
    [(_whose, rate)] = RATES[name]
    return bool(subject) and not counters.feeds.hit(_item(rate), subject)


def is_guessing(app: Flask, environ: WSGIEnvironment) -> bool:
    """Whether too many wrong links have come to the door from this address; counts one more if not."""
    with app.request_context(environ):
        try:
            _count(["wrong-link"], frozenset({Whose.ADDRESS}))
        except TooManyRequests:
            return True
    return False


def too_many(seconds: int) -> Response:
    """The answer to what is asked too often, as who asks can read it: a page, or a line for programs."""
    minutes = -(-seconds // 60)
    wait = ngettext("Please wait a minute, then try again.", "Please wait %(num)d minutes, then try again.", minutes)
    suffix = request.path.rpartition("/")[2].rpartition(".")[2]
    if suffix == "json" or request.accept_mimetypes.best == "application/json":
        response = jsonify(error=_("Too many requests"), advice=wait, retry_after=seconds)
        response.status_code = 429
    elif suffix in {"ics", "xml", "atom", "csv", "pdf"}:
        response = Response(f"{_('Too many requests')}. {wait}\n", 429, content_type="text/plain; charset=utf-8")
    else:
        response = error_page(
            429, f"{_('This was asked too often from your connection, with this link or for this address.')} {wait}"
        )
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def _made(redis_url: str) -> Counters:
    """The counters of an application; connects to nothing before something is counted."""
    limiter = Limiter(
        lambda: str(g.counted_for),
        storage_uri=redis_url or "memory://",
        storage_options={"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE} if redis_url else {},  # type: ignore[dict-item]
        strategy="sliding-window-counter",  # nobody gets twice as much around a full minute, for two numbers a rate
        in_memory_fallback_enabled=bool(redis_url),  # nobody is locked out while Redis is away
        swallow_errors=True,  # nor is who was asking Redis with others when it went
        key_prefix="congress",
        request_identifier=lambda: "any",  # what is counted depends on names of rates, not on addresses
        on_breach=lambda limit: _tell(limit.reset_at),
    )
    limiter.logger.setLevel(logging.WARNING)  # below it tells network addresses
    gates = {rate.name: _gate(limiter, rate) for rates in RATES.values() for _whose, rate in rates}
    return Counters(limiter, gates, SlidingWindowCounterRateLimiter(MemoryStorage()))


def _gate(limiter: Limiter, rate: Rate) -> Callable[[], None]:
    def gate() -> None:
        """Passed by who does not ask too often."""

    gate.__qualname__ = rate.name  # by which Flask-Limiter tells functions from each other
    return limiter.shared_limit(f"{rate.count} per {rate.seconds} seconds", scope=rate.name)(gate)


def init_app(app: Flask) -> None:
    app.extensions["limits"] = counters = _made(app.config["REDIS_URL"])
    counters.limiter.init_app(app)

    @app.errorhandler(TooManyRequests)
    def _too_many(_problem: TooManyRequests) -> Response:
        db.session.rollback()
        return too_many(g.get("retry_after", 60))

    @app.after_request
    def _wrong_link(response: Response) -> Response:
        """A link that nobody has counts harder. What is refused to everybody alike tells nobody which links there are."""
        if response.status_code == 404 and "token" in (request.view_args or {}):
            try:
                _count(["wrong-link"], frozenset({Whose.ADDRESS}))
            except TooManyRequests:
                return too_many(g.get("retry_after", 60))
        return response
