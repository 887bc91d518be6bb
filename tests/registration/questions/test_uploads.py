"""Files under the instance folder: encrypted, found by their rows only, and gone with them."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from congress.core import vault
from congress.core.clock import now
from congress.core.db import db
from congress.core.files import Checked
from congress.registration import privacy
from congress.registration.models import Registration
from congress.registration.questions import uploads
from congress.registration.questions.models import Upload
from tests.factories import HOSTS, make_registration
from tests.registration.asking import PDF


@pytest.fixture
def upload(context: Flask) -> Upload:
    made = uploads.store(Checked("letter.pdf", "application/pdf", PDF), registration=make_registration(), now=now())
    db.session.commit()
    return made


def files() -> list[Path]:
    return vault.files()


def test_a_file_is_encrypted_named_by_its_row_and_for_nobody_else_on_the_machine(context: Flask, upload: Upload):
    assert [path.name for path in files()] == [upload.public_id]
    assert b"PDF" not in files()[0].read_bytes()
    assert (files()[0].stat().st_mode & 0o777, files()[0].parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert (uploads.content(upload), upload.size) == (PDF, len(PDF))
    assert str(files()[0]).startswith(context.instance_path)


@pytest.mark.parametrize("change", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-5])])
def test_a_file_that_is_lost_or_cut_says_so(upload: Upload, change):
    change(files()[0])

    with pytest.raises(vault.LostFile) as lost:
        uploads.content(upload)
    assert str(lost.value) == "The file letter.pdf is no longer here. Please send it again."


def test_the_file_of_an_erased_person_goes_when_that_is_committed(upload: Upload):
    person = db.session.get_one(Registration, upload.registration_id)
    privacy.erase(person, actor=HOSTS, now=now())
    assert len(files()) == 1
    db.session.commit()
    assert files() == []


def test_a_file_goes_when_the_end_of_its_row_is_committed_and_not_before(upload: Upload):
    uploads.delete(upload)
    assert len(files()) == 1
    db.session.rollback()
    db.session.commit()
    assert len(files()) == 1

    with db.session.begin_nested():
        uploads.delete(upload)
    assert len(files()) == 1
    db.session.commit()
    assert files() == []


def test_files_without_a_row_are_swept_once_they_are_old(upload: Upload):
    kept = files()[0]
    nobodys, young = kept.with_name("0" * 8), kept.with_name("1" * 8)
    for path in (nobodys, young):
        path.write_bytes(b"")
    for path in (nobodys, kept):
        os.utime(path, times=(0, (now() - timedelta(days=2)).timestamp()))

    assert vault.sweep([uploads.known], now=now()) == 1
    assert files() == sorted([kept, young])
