"""Files that people send."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel

from congress.core import files
from congress.core.files import BadUpload, Checked
from tests.registration.asking import JPEG, PDF, PNG


@pytest.fixture(autouse=True, scope="module")
def _words() -> Iterator[None]:
    """Sentences need Flask-Babel and nothing else."""
    app = Flask("files")
    Babel(app)
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("name", "content", "kept", "media_type"),
    [
        ("Letter.PDF", PDF, "Letter.PDF", "application/pdf"),
        ("photo.png", PNG, "photo.png", "image/png"),
        ("photo.jpeg", JPEG, "photo.jpeg", "image/jpeg"),
        ("scan", JPEG, "scan.jpg", "image/jpeg"),
        ("../../etc/Łódź.pdf", PDF, "Łódź.pdf", "application/pdf"),
    ],
)
def test_a_file_is_known_by_its_content(name, content, kept, media_type):
    assert files.check(name, io.BytesIO(content)) == Checked(kept, media_type, content)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "The file is empty. Choose another one."),
        ("a.pdf", b"%PDF-" + b"x" * files.LARGEST, "The file is larger than 10 MB. Choose a smaller one."),
        ("a.pdf", b"<html><script>alert(1)</script>%PDF-1.7 %%EOF", "This is not a PDF, PNG or JPEG file, whatever its name says. Save it as one of these and choose it again."),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is not a PDF, PNG or JPEG file, whatever its name says. Save it as one of these and choose it again."),
        ("a.png", b"MZ\x90\x00", "This is not a PDF, PNG or JPEG file, whatever its name says. Save it as one of these and choose it again."),
        ("a.pdf", PDF[:20], "The file ends in the middle. Open it to see whether it is complete, then choose it again."),
        ("a.png", PNG[:20], "The file ends in the middle. Open it to see whether it is complete, then choose it again."),
        ("a.png", PDF, "The name of the file ends in .png, but it is a PDF file. Give it the ending .pdf and choose it again."),
        ("a.pdf.exe", PDF, "The name of the file ends in .exe, but it is a PDF file. Give it the ending .pdf and choose it again."),
    ],
    ids=range(9),
)  # fmt: skip
def test_what_may_not_be_kept_is_refused_with_a_sentence(name, content, sentence):
    with pytest.raises(BadUpload) as refusal:
        files.check(name, io.BytesIO(content))

    assert str(refusal.value) == sentence


def test_of_an_endless_file_no_more_is_read_than_may_be_kept():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.taken += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(BadUpload):
        files.check("a.pdf", stream)

    assert stream.taken == files.LARGEST + 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\ana\\pass.pdf", "pass.pdf"),
        ("/etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        (".pdf", "pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("gpj\u202efdp.pdf", "gpjfdp.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ('q"uo;te%.pdf', "q uo te.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(name, kept):
    assert files.clean_name(name) == kept


def test_what_nobody_came_back_to_is_deleted(tmp_path):
    now = datetime(2018, 6, 12, 12, tzinfo=UTC)
    for name, hours in (("old", 25), ("young", 23)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now.timestamp() - hours * 3600,) * 2)
    assert files.delete_older(tmp_path, now - timedelta(days=1)) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["young"]
    assert files.delete_older(tmp_path / "none", now) == 0


def archive(**members: str) -> bytes:
    """A ZIP archive; "mimetype" for the member of this name, others by their own."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return made.getvalue()


def office_open(kind: str, *more: str, types: str = "") -> bytes:
    declared = f'<Types><Override PartName="/main.xml" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/>{types}</Types>'
    return archive(**{"[Content_Types].xml": declared, "main.xml": "<a/>", **dict.fromkeys(more, "x")})


DOCX = office_open("wordprocessingml.document")
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"Basic/script-lc.xml": "<a/>"})
OOXML = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Agenda.DOCX", DOCX, f"{OOXML}wordprocessingml.document"),
        ("slides.pptx", office_open("presentationml.presentation"), f"{OOXML}presentationml.presentation"),
        ("budget.xlsx", office_open("spreadsheetml.sheet"), f"{OOXML}spreadsheetml.sheet"),
        ("minutes.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("slides.odp", archive(mimetype="application/vnd.oasis.opendocument.presentation"), "application/vnd.oasis.opendocument.presentation"),
        ("notes.txt", "Zażółć gęślą jaźń".encode(), "text/plain"),
        ("old notes.txt", "Zażółć gęślą jaźń\r\n".encode("cp1250"), "text/plain"),
        ("notepad.txt", "Zażółć".encode("utf-16"), "text/plain"),
        ("Letter.pdf", PDF, "application/pdf"),
    ],
)  # fmt: skip
def test_documents_of_office_programs_are_taken_where_they_are_wanted(name, content, media_type):
    assert files.check(name, io.BytesIO(content), takes_office=True) == Checked(name, media_type, content)
    if media_type != "application/pdf":
        with pytest.raises(BadUpload, match="not a PDF, PNG or JPEG"):
            files.check(name, io.BytesIO(content))


MACROS, OLD, NONE = "There are macros", "before 2007 or closed by a password", "DOCX, PPTX, XLSX, ODT, ODP or TXT file, whatever"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.docx", office_open("wordprocessingml.document", "word/vbaProject.bin"), MACROS),
        ("a.docx", office_open("wordprocessingml.document", types='<a ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'), MACROS),
        ("a.xlsx", office_open("spreadsheetml.sheet", "xl/macrosheets/sheet1.xml"), MACROS),
        ("a.odt", archive(mimetype="application/vnd.oasis.opendocument.text", **{"Basic/Standard/Module1.xml": "x"}), MACROS),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, OLD),
        ("a.docx", DOCX[:-30], "ends in the middle"),
        ("a.docx", archive(**{"some/file.txt": "x"}), NONE),
        ("a.odt", archive(mimetype="application/zip"), NONE),
        ("a.docx", b"MZ\x90\x00\x03", NONE),
        ("a.txt", b"text\x00with a hole", NONE),
        ("a.docm", DOCX, "ends in .docm, but it is a DOCX file"),
        ("a.html", b"<script>alert(1)</script>", "ends in .html, but it is a TXT file"),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_holds_programs_or_is_something_else_is_refused(name, content, sentence):
    with pytest.raises(BadUpload, match=sentence):
        files.check(name, io.BytesIO(content), takes_office=True)
