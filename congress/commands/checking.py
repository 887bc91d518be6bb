"""``congress check``: is everything there that the program needs; each line that is not well says what to do."""

from __future__ import annotations

import os
import shutil
import smtplib
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from congress.commands import working
from congress.congresses import queries as congresses
from congress.core.clock import now
from congress.core.db import db
from congress.outbox import carriers
from congress.outbox import queries as outbox
from congress.web import chores, health

_LEAST_FREE = 1_000_000_000  # bytes
_WORKER_LATE = timedelta(minutes=2)
_MAIL_LATE = timedelta(hours=1)
_CLOCKS_APART = timedelta(seconds=5)


class Level(StrEnum):
    """How well something is. Only a problem makes the command fail."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "PROBLEM"


@dataclass(frozen=True)
class Found:
    """What was looked at, how well it is, and a sentence that says what to do where it is not."""

    name: str
    level: Level
    sentence: str


def _ok(name: str, sentence: str) -> Found:
    return Found(name, Level.OK, sentence)


def _warning(name: str, sentence: str) -> Found:
    return Found(name, Level.WARNING, sentence)


def _problem(name: str, sentence: str) -> Found:
    return Found(name, Level.PROBLEM, sentence)


def settings(app: Flask) -> Iterator[Found]:
    """What can be read, but is not fit for real people."""
    site = app.config["SITE_URL"]
    if app.config["DEBUG"]:
        yield _problem("settings", "CONGRESS_DEBUG is on: take it away wherever others can reach this.")
    if not site:
        yield _warning(
            "settings", "CONGRESS_SITE_URL is not set: links in mails have no address to lead to. Set it to https://your.host."
        )
    elif not site.startswith("https://"):
        yield _warning("settings", f"CONGRESS_SITE_URL is {site}: put a proxy with TLS in front and write https://.")
    elif not app.config["SESSION_COOKIE_SECURE"]:
        yield _problem("settings", "CONGRESS_INSECURE_COOKIES is on although the site has https: take it away.")
    if not app.config["TRUSTED_HOSTS"]:
        yield _warning("settings", "CONGRESS_TRUSTED_HOSTS is not set: any host name is answered. Set it to that of the site.")
    key = app.config["SECRET_KEY"]
    if key in os.environ.get("CONGRESS_DATA_KEYS", ""):
        yield _warning(
            "settings", "CONGRESS_DATA_KEYS holds CONGRESS_SECRET_KEY: use two keys, so that each can be changed by itself."
        )
    yield _ok("settings", "can be read")


def database(app: Flask) -> Iterator[Found]:
    problem = health.database_problem()
    if problem:
        yield _problem("database", problem)
    else:
        yield _ok("database", f"{db.engine.dialect.name}, tables as this program knows them")


def clock(app: Flask) -> Iterator[Found]:
    """The clocks of program and database, and whether this machine's is set by others."""
    if db.engine.dialect.name == "postgresql":
        try:
            there = db.session.scalar(sa.select(sa.func.clock_timestamp()))
        except SQLAlchemyError:
            return  # said already
        finally:
            db.session.rollback()
        if there is not None and abs(there - datetime.now(UTC)) > _CLOCKS_APART:
            yield _problem(
                "clock", f"The database's clock says {there:%H:%M:%S} UTC, ours {now():%H:%M:%S}. Let both machines use NTP."
            )
            return
    tool = shutil.which("timedatectl")
    if tool:
        asked = [tool, "show", "--property", "NTPSynchronized", "--value"]
        said = subprocess.run(asked, check=False, capture_output=True, text=True, timeout=10).stdout.strip()  # noqa: S603
        if said == "no":
            yield _warning("clock", "Nobody sets this machine's clock: timedatectl set-ntp true")
            return
    yield _ok("clock", f"{now():%Y-%m-%d %H:%M:%S} UTC")


def zones(app: Flask) -> Iterator[Found]:
    """Whether the time zones of all congresses are known here."""
    try:
        names = sorted({congress.timezone for congress in congresses.congresses()})
    except SQLAlchemyError:
        return
    finally:
        db.session.rollback()
    for name in names:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            yield _problem("time zones", f"{name} is not known here: pip install --upgrade tzdata")
            return
    yield _ok("time zones", ", ".join(names) or "no congress yet")


def folders(app: Flask) -> Iterator[Found]:
    """The instance folder: there, ours to write, nobody else's to read, with room."""
    folder = Path(app.instance_path)
    if not folder.is_dir():
        yield _problem("folder", f"{folder} is not there. Make it: install --directory --mode 700 --owner congress {folder}")
        return
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as reason:
        yield _problem("folder", f"{folder} cannot be written ({reason.strerror}). Let it belong to the user that runs Congress.")
        return
    if folder.stat().st_mode & 0o007:
        yield _warning("folder", f"Everybody on this machine can look into {folder}: chmod 700 {folder}")
    else:
        yield _ok("folder", str(folder))
    free = shutil.disk_usage(folder).free
    if free < _LEAST_FREE:
        yield _problem("disk", f"Only {free // 1_000_000} MB are free at {folder}. Make room: uploads and SQLite stop without.")
    else:
        yield _ok("disk", f"{free // 1_000_000_000} GB free")


def mail(app: Flask) -> Iterator[Found]:
    """Whether the mail server lets us in, and whether mails leave."""
    if not app.config["SMTP_URL"]:
        yield _warning("mail", f"CONGRESS_SMTP_URL is not set: mails are written to {app.instance_path}/mail and reach nobody.")
    else:
        try:
            carriers.greet(app.config["SMTP_URL"])
            yield _ok("mail", "the mail server lets us in")
        except smtplib.SMTPAuthenticationError:
            yield _problem("mail", "The mail server refuses name or password in CONGRESS_SMTP_URL.")
        except (OSError, smtplib.SMTPException) as reason:
            yield _problem(
                "mail", f"The mail server of CONGRESS_SMTP_URL cannot be used ({type(reason).__name__}). Check host and port."
            )
    try:
        waiting = outbox.waiting(now())
    except SQLAlchemyError:
        return
    finally:
        db.session.rollback()
    if waiting.oldest_seconds > _MAIL_LATE.total_seconds():
        yield _warning(
            "mail",
            f"{waiting.due} mails wait, the oldest for {waiting.oldest_seconds / 3600:.0f} hours. Look at the worker's log.",
        )
    if waiting.given_up:
        yield _warning(
            "mail", f"{waiting.given_up} mails were given up. Organisers put addresses right at the desk, under Mails."
        )


def worker(app: Flask) -> Iterator[Found]:
    seen = chores.seen_at(app)
    if seen is None or now() - seen > _WORKER_LATE:
        when = "never" if seen is None else f"last {seen:%Y-%m-%d %H:%M} UTC"
        yield _problem(
            "worker",
            f"No worker runs (seen {when}): no mail leaves and no planned release comes out. systemctl start congress-worker",
        )
    else:
        yield _ok("worker", "runs")


def limits(app: Flask) -> Iterator[Found]:
    """Whether limits are counted for all processes together."""
    url = app.config["REDIS_URL"]
    if not url:
        yield _ok("limits", "counted by each process (with several machines set CONGRESS_REDIS_URL)")
        return
    try:
        import redis  # noqa: PLC0415  (only where several machines share it)

        redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5).ping()
    except ImportError:
        yield _problem("limits", "CONGRESS_REDIS_URL is set, but the client is missing: pip install 'congress[redis]'")
    except redis.RedisError as reason:
        yield _problem(
            "limits", f"Redis at CONGRESS_REDIS_URL does not answer ({type(reason).__name__}): each process counts for itself."
        )
    else:
        yield _ok("limits", "counted in Redis")


CHECKS: tuple[Callable[[Flask], Iterator[Found]], ...] = (settings, database, clock, zones, folders, mail, worker, limits)


@click.command()
def check() -> None:
    """Look whether everything is there: settings, database, clock, folder, disk, mail, worker. Fails when something is wrong."""
    with working.app(ready=False) as app:
        found = [each for looked in CHECKS for each in looked(app)]
    width = max(len(each.name) for each in found)
    for each in found:
        click.echo(f"{each.level:<8} {each.name:<{width}}  {each.sentence}")
    problems = sum(each.level is Level.PROBLEM for each in found)
    if problems:
        raise click.ClickException(f"{problems} of these must be put right.")
