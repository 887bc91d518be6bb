"""What commands work in: settings, the application, the congress that is meant, and problems as sentences."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from config import PREFIX, Config, ConfigError, demo_config
from congress import create_app
from congress.accounts import audit
from congress.accounts.audit import Origin
from congress.congresses import queries as congresses
from congress.congresses.models import Congress
from congress.core.db import db
from congress.core.errors import CongressError
from congress.core.tables import Imported
from congress.networks import queries as networks
from congress.networks.models import Network
from congress.web import health

DEMO = Path("instance")
BY = "command line"  # in histories
FILE = click.argument("file", type=click.Path(path_type=Path))


def is_set_up() -> bool:
    """Whether anything is set in the environment: else one is trying things out, with invented people."""
    return any(name.startswith(PREFIX) for name in os.environ)


def config() -> Config:
    """Settings of the environment; where none are set, those of a demo in this folder, if there is one."""
    try:
        if not is_set_up() and (DEMO / "demo.sqlite3").exists():
            click.echo(f"(no {PREFIX}… variables are set: working on the demo in {DEMO}/)", err=True)
            return demo_config(DEMO, demo_key(DEMO))
        return Config.from_environment(os.environ)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None


@contextlib.contextmanager
def app(*, ready: bool = True) -> Iterator[Flask]:
    """The application with its context; what people get wrong becomes one sentence instead of a traceback."""
    with plainly():
        made = create_app(config())
    with made.app_context(), plainly():
        audit.begin(Origin(BY))
        problem = health.database_problem() if ready else ""
        if problem:
            raise click.ClickException(problem)
        yield made


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """What people get wrong, and what the database refuses, as one sentence."""
    try:
        yield
    except CongressError as refusal:
        db.session.rollback()
        raise click.ClickException(str(refusal)) from None
    except SQLAlchemyError as problem:
        db.session.rollback()
        reason = str(getattr(problem, "orig", problem)).partition("\n")[0]
        raise click.ClickException(f"The database did not take it: {reason}. Nothing was written.") from None


@contextlib.contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """Set by SIGTERM, as systemd sends it, and by Ctrl+C: what is being done is finished, nothing else is begun."""
    told = threading.Event()
    before = {each: signal.signal(each, lambda *_: told.set()) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def congress_of(slug: str) -> Congress:
    """Raises ClickException, which names those that there are."""
    found = congresses.find_congress(slug)
    if found is None:
        known = ", ".join(each.slug for each in congresses.congresses()) or "none"
        raise click.ClickException(f"There is no congress “{slug}”. Known: {known}.")
    return found


def network_of(slug: str) -> Network:
    """Raises ClickException, which names those that there are."""
    found = networks.find_network(slug)
    if found is None:
        known = ", ".join(each.slug for each in networks.networks())
        raise click.ClickException(f"There is no network “{slug}”. Known: {known or 'none'}.")
    return found


def demo_key(folder: Path) -> str:
    """The secret key of this demo, made at its first start and readable by its owner only."""
    path = folder / "demo.key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def say(done: Imported) -> None:
    """What an import did."""
    click.echo(f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged.")
