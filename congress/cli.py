"""The console script ``congress``."""

from __future__ import annotations

import logging
import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import click
import flask_migrate
from flask import Flask
from flask_security import hash_password
from sqlalchemy.exc import SQLAlchemyError

from config import demo_config
from congress import create_app, demo
from congress.accounts import queries as accounts
from congress.accounts import services as account_services
from congress.accounts.models import Account
from congress.accounts.rules import Held, RoleKind
from congress.accounts.signing.rules import SHORTEST_PASSWORD
from congress.commands import backups, checking, programme, rights, second_factors, serving, working
from congress.congresses import queries as congresses
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.errors import CongressError
from congress.core.forms import valid_address
from congress.core.localised import Localised
from congress.demo import life, team
from congress.networks import contacts
from congress.networks import imports as network_imports
from congress.networks.vocabulary import Field
from congress.web import chores, health, logs, publishing, purging, sign_in_purging, uploads
from congress.web.signing import passwords


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="congress")
def main() -> None:
    """A network of cities runs its congress: registration, programme, calendar feeds."""
    logs.write_to_stderr(os.environ.get("CONGRESS_LOG_FORMAT", "text"), whole=not working.is_set_up())


for _command in (*programme.COMMANDS, *backups.COMMANDS, checking.check, *rights.COMMANDS, *second_factors.COMMANDS):
    main.add_command(_command)


@main.command()
def init() -> None:
    """Make the tables, or bring them up to date, and load networks, countries and cities."""
    with working.app(ready=False):
        flask_migrate.upgrade()
        begin_writing()
        demo.load_facts()
        db.session.commit()
    click.echo("The database is ready. Next: congress import-congress FILE, congress create-organiser.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 100))
def run(host: str, port: int, threads: int) -> None:
    """Serve the pages in one process. For more, use gunicorn: see README.md."""
    with working.app() as app:
        pass
    click.echo(f"Serving http://{host}:{port}/ — stop with Ctrl+C.")
    _serve(app, host, port, threads)


@main.command()
@click.option("--once", is_flag=True, help="Deliver what is due now, then stop.")
@click.option(
    "--every", default=5, show_default=True, type=click.IntRange(1, 3600), help="Seconds between looks into the outbox."
)
def worker(once: bool, every: int) -> None:
    """Deliver queued mail and end offers whose time is over. Several may run at the same time."""
    with working.app() as app:
        pass
    with working.told_to_end() as ending:
        while not ending.is_set():
            try:
                with working.plainly():
                    sent = chores.do_due(app, is_ending=ending.is_set)
            except click.ClickException as problem:
                if once:
                    raise
                sent = 0
                click.echo(problem.message, err=True)  # a database that is away for a moment does not end the worker
            if sent:
                click.echo(f"{sent} sent")
            if once:
                return
            if not sent:
                ending.wait(every)


@main.command()
@click.argument("slug", required=False)
def purge(slug: str | None) -> None:
    """Delete what has been kept long enough, of the congress SLUG or of all, and say what it was. Run it each night."""
    with working.app():
        for each in [slug] if slug else [congress.slug for congress in congresses.congresses()]:
            db.session.rollback()
            begin_writing()
            done = purging.purge(working.congress_of(each), now=now())
            said = ", ".join(f"{number} {what}" for what, number in done.items())
            click.echo(f"{each}: {said or 'nothing'} deleted.")
        begin_writing()
        sign_in_purging.purge(now=now())
        db.session.commit()


@main.command("create-organiser")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.option("--congress", "slug", help="The congress; without it the account may do everything.")
@click.password_option(help=f"At least {SHORTEST_PASSWORD} characters, and not easily guessed.")
def create_organiser(email: str, name: str, slug: str | None, password: str) -> None:
    """Make an account that may work at the desk."""
    with working.app():
        begin_writing()
        congress = working.congress_of(slug) if slug else None
        account = _account(email, name, password)
        kind = RoleKind.ORGANISER if congress else RoleKind.SITE
        account_services.give_role(account, Held(kind, congress.id if congress else None), by=working.BY, now=now())
        db.session.commit()
        click.echo(f"{account.email} may sign in at /desk/sign-in.")


def _account(email: str, name: str, password: str) -> Account:
    address = valid_address(email)
    if address is None:
        raise click.ClickException(f"“{email}” is not a mail address.")
    if wrong := passwords.wrong(password, email=address, name=name):
        raise click.ClickException(wrong)
    return account_services.create_account(address, name, hashed_password=hash_password(password), now=now())


@main.command()
@click.argument("slug")
@click.argument("email")
@click.argument("kind", type=click.Choice([each.value for each in RoleKind if each is not RoleKind.SITE]))
@click.option("--field", default="", help="Of a coordinator or deputy: " + ", ".join(Field))
@click.option("--city", default="", help="Of an organiser who looks after the venues of one host city only: its slug.")
@click.option("--name", help="For a new account; asked where there is none with this address.")
@click.option("--password", help="The same. Better left out and typed when asked.")
def grant(slug: str, email: str, kind: str, field: str, city: str, name: str | None, password: str | None) -> None:
    """Give the account EMAIL a role in the congress SLUG; the account is made where there is none.

    The secretariat reads all congresses of the network to which this one belongs.
    """
    with working.app():
        congress, wanted = working.congress_of(slug), RoleKind(kind)
        if (wanted is RoleKind.FIELD_COORDINATOR) != (field in set(Field)):
            raise click.ClickException(f"Say --field for a field_coordinator, and for nobody else: one of {', '.join(Field)}.")
        hosts = {host.slug for host in congress.hosts}
        if city and (wanted is not RoleKind.ORGANISER or city not in hosts):
            raise click.ClickException(f"--city is for an organiser, and one of {', '.join(sorted(hosts))}.")
        if accounts.find_account(email) is None:
            name = name or click.prompt("Name")
            password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
        begin_writing()
        account = accounts.find_account(email) or _account(email, name or "", password or "")
        congress = working.congress_of(slug)
        is_office = wanted is RoleKind.SECRETARIAT  # of the whole network, to which the congress belongs
        account_services.give_role(
            account, Held(wanted, None if is_office else congress.id, field=field, city=city),
            network_id=congress.network_id if is_office else None, by=working.BY, now=now(),
        )  # fmt: skip
        db.session.commit()
        click.echo(f"{account.email} is {kind} of {slug} now, and may sign in at /desk/sign-in.")


@main.command()
@click.argument("slug")
@click.option("--note", default="", help="For the change log, in English.")
@click.option("--note-pl", default="", help="The same in Polish.")
@click.option("--hold-mail", is_flag=True, help="Tell nobody yet; it can be done later at the desk.")
def release(slug: str, note: str, note_pl: str, hold_mail: bool) -> None:
    """Publish the draft of the programme of the congress SLUG, and tell the people whose own programme it changes."""
    with working.app():
        begin_writing()
        congress, moment = working.congress_of(slug), now()
        try:
            done = publishing.publish(
                congress, notes=Localised(en=note, pl=note_pl), by="command line", now=moment, tells_people=not hold_mail
            )
        except CongressError as refusal:
            raise click.ClickException(str(refusal)) from None
        db.session.commit()
        mails = "held back" if hold_mail else f"wait until {done.tell_at}" if done.tell_at else done.mails
        click.echo(f"Release {done.release.number}: {len(done.changes)} changed. Mails: {mails}.")
        for change in done.changes:
            click.echo(f"  {change.after.code} {', '.join(change.kinds)}: {change.after.titles.text('en')}")


@main.command("import-cities")
@working.FILE
@click.option("--network", "slug", required=True, help="Slug of the network, such as uccn.")
def import_cities(file: Path, slug: str) -> None:
    """Load cities and memberships from a CSV FILE; see congress/data/ for its columns."""
    with working.app():
        begin_writing()
        network = working.network_of(slug)
        done = network_imports.import_cities(file, network)
        db.session.commit()
    working.say(done)


@main.command("import-contacts")
@working.FILE
@click.option("--network", "slug", required=True, help="Slug of the network, such as uccn.")
def import_contacts(file: Path, slug: str) -> None:
    """Load the standing contacts of cities from a CSV or XLSX FILE: city, kind, email, and the details that there are."""
    with working.app():
        begin_writing()
        network = working.network_of(slug)
        try:
            with file.open("rb") as opened:
                done = contacts.import_contacts(opened, network)
        except OSError as reason:
            raise click.ClickException(f"{file} cannot be read: {reason.strerror}.") from None
        db.session.commit()
    working.say(done)


@main.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--delegates", default=350, show_default=True, type=click.IntRange(0, 4000), help="Invented people.")
@click.option("--upcoming", is_flag=True, help="Move everything to the same weekdays of the next June.")
@click.option("--fresh", is_flag=True, help="Throw away an earlier demo and its mails.")
@click.option("--no-serve", is_flag=True, help="Only make the database.")
def demo_(host: str, port: int, delegates: int, upcoming: bool, fresh: bool, no_serve: bool) -> None:
    """Run the congress of 2018 with its real programme and invented delegates."""
    began = time.monotonic()
    app = _demo_app(host, port, fresh=fresh)
    with app.app_context(), working.plainly():
        flask_migrate.upgrade()
        problem = health.database_problem()
        if problem:
            raise click.ClickException(f"{problem} To start from nothing: congress demo --fresh")
        congress = congresses.find_congress(demo.SLUG)
        db.session.rollback()
        if congress is None:
            moment = now()
            shift = demo.shift_to_next_june(moment.date()) if upcoming else timedelta(0)
            congress = demo.load(key=app.config["SECRET_KEY"], delegates=delegates, shift=shift, now=moment)
            life.add_life(congress, key=app.config["SECRET_KEY"], now=moment)
            db.session.commit()
            click.echo(f"Made {working.DEMO / 'demo.sqlite3'} in {time.monotonic() - began:.1f} s.")
        else:
            click.echo(
                f"Using the demo made earlier, {working.DEMO / 'demo.sqlite3'}. To start from nothing: congress demo --fresh"
            )
        db.session.remove()
        db.engine.dispose()  # the file is whole by itself then, without a log beside it
    where, others = f"http://{host}:{port}", "\n                 ".join(team.EVERYBODY)
    click.echo(
        f"\n  Home           {where}/{demo.SLUG}/\n"
        f"  Programme      {where}/{demo.SLUG}/programme/\n"
        f"  Registration   {where}/{demo.SLUG}/registration/\n"
        f"  Calendar       {where}/{demo.SLUG}/calendar/{demo.SLUG}-programme.ics\n"
        f"  Desk           {where}/desk/{demo.SLUG}/\n"
        f"     sign in as  {demo.ORGANISER}\n"
        f"     password    {demo.organiser_password(app.config['SECRET_KEY'])}\n"
        f"     or as       {others}\n"
        f"  Mail           {working.DEMO / 'mail'}/\n"
    )
    if not no_serve:
        threading.Thread(target=_deliver_forever, args=(app,), daemon=True).start()
        click.echo("Stop with Ctrl+C.")
        _serve(app, host, port, 8)


def _demo_app(host: str, port: int, *, fresh: bool) -> Flask:
    try:
        working.DEMO.mkdir(parents=True, exist_ok=True)
        if fresh:
            for old in (*working.DEMO.glob("demo.sqlite3*"), *(working.DEMO / "mail").glob("*.eml")):
                old.unlink()
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
        return create_app(demo_config(working.DEMO, working.demo_key(working.DEMO), site_url=f"http://{shown}:{port}"))
    except OSError as reason:
        raise click.ClickException(f"{reason.filename} cannot be used: {reason.strerror}.") from None


def _deliver_forever(app: Flask) -> None:
    while True:
        try:
            chores.do_due(app)
        except SQLAlchemyError:
            logging.getLogger(__name__).exception("the outbox could not be read")
        time.sleep(1)


def _serve(app: Flask, host: str, port: int, threads: int) -> None:
    # What is more than the address takes the program itself refuses, with a page that says so.
    serving.serve(app, host, port, threads, largest=2 * uploads.most_bytes(app))
