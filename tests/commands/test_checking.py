"""``congress check``: each thing that can be wrong is told, with what to do; and the files that operators are given."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from congress import cli
from congress.commands import checking
from congress.commands.checking import Level
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.data import FOLDER
from congress.outbox.services import Letter, enqueue
from congress.web import chores
from tests.factories import the_congress
from tests.listening import free_port


def said(check, app) -> list[tuple[str, str]]:
    return [(each.level.value, each.sentence) for each in check(app)]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_what_is_wrong_is_told_with_what_to_do(context, tmp_path):
    folder = Path(context.instance_path)
    folder.chmod(0o700)
    congress = the_congress()
    congress.timezone = "Europe/Nowhere"
    begin_ = Letter(key="k", to="a@b.example", template="x", language="en", facts={})
    db.session.commit()
    begin_writing()
    enqueue(begin_, now=now() - timedelta(hours=3))
    db.session.commit()
    port = free_port()
    context.config.update(
        SITE_URL="https://congress.example",
        DEBUG=True,
        SMTP_URL=f"smtp://127.0.0.1:{port}",
        REDIS_URL=f"redis://127.0.0.1:{port}",
    )
    assert said(checking.settings, context) == [
        ("PROBLEM", "CONGRESS_DEBUG is on: take it away wherever others can reach this."),
        ("PROBLEM", "CONGRESS_INSECURE_COOKIES is on although the site has https: take it away."),
        ("warning", "CONGRESS_TRUSTED_HOSTS is not set: any host name is answered. Set it to that of the site."),
        ("ok", "can be read"),
    ]
    assert said(checking.zones, context) == [("PROBLEM", "Europe/Nowhere is not known here: pip install --upgrade tzdata")]
    server, waiting = said(checking.mail, context)
    assert server == (
        "PROBLEM",
        "The mail server of CONGRESS_SMTP_URL cannot be used (ConnectionRefusedError). Check host and port.",
    )
    assert (waiting[0], waiting[1].endswith("Look at the worker's log.")) == ("warning", True)
    assert said(checking.limits, context) == [
        ("PROBLEM", "Redis at CONGRESS_REDIS_URL does not answer (ConnectionError): each process counts for itself.")
    ]
    none = "No worker runs (seen never): no mail leaves and no planned release comes out. systemctl start congress-worker"
    assert said(checking.worker, context) == [("PROBLEM", none)]
    chores.do_due(context, is_ending=lambda: True)
    assert said(checking.worker, context) == [("ok", "runs")]
    os.utime(folder / "worker.seen", (0, 0))
    assert "seen last 1970-01-01 00:00 UTC" in said(checking.worker, context)[0][1]
    folder.chmod(0o755)
    assert said(checking.folders, context)[0] == (
        "warning",
        f"Everybody on this machine can look into {folder}: chmod 700 {folder}",
    )
    context.instance_path = str(tmp_path / "nowhere")
    assert [level for level, _sentence in said(checking.folders, context)] == ["PROBLEM"]


def test_what_is_well_is_told_too(context):
    assert [level for level, _sentence in said(checking.database, context)] == ["ok"]
    assert next(each.level for each in checking.clock(context)) in {Level.OK, Level.WARNING}  # as this machine is
    assert said(checking.zones, context) == [("ok", "Europe/Warsaw")]


def test_a_database_that_is_away_fails_with_one_line_for_each_thing(tmp_path):
    settings = {
        "CONGRESS_SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "CONGRESS_DATA_KEYS": "fedcba9876543210fedcba9876543210",
        "CONGRESS_DATABASE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/none",
        "CONGRESS_INSTANCE": str(tmp_path),
    }
    done = CliRunner().invoke(cli.main, ["check"], env=settings)
    lines = [line.split(maxsplit=2) for line in done.output.splitlines()]
    assert done.exit_code == 1, done.output
    assert ["PROBLEM", "database", "The database cannot be reached (OperationalError)."] in lines
    assert {line[1] for line in lines[:-1]} == {"settings", "database", "folder", "disk", "mail", "worker", "limits"}
    assert lines[-1] == ["Error:", "2", "of these must be put right."]


def test_systemd_takes_the_units_as_they_ship(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")  # as on a machine that is made for CI alone
    units = sorted((FOLDER / "systemd").iterdir())
    for unit in units:  # only the programs are not at their places here
        text = (
            unit.read_text().replace("/opt/congress/bin/congress", "/bin/true").replace("/opt/congress/bin/granian", "/bin/true")
        )
        (tmp_path / unit.name).write_text(text)
    asked = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in units)]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    assert (len(units), done.returncode, done.stderr) == (6, 0, "")
