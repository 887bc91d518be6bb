"""What is printed can be read aloud too: every document is tagged, and says its language and title, as PDF/UA-1 asks."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


@pytest.mark.parametrize(
    ("path", "language", "title"),
    [
        ("/krakowice2018/booklet/pl.pdf", "pl", "XII Kongres Sieci Miast Kreatywnych UNESCO – Program"),
        ("/krakowice2018/booklet/en.pdf", "en", "XII Annual Meeting of the UNESCO Creative Cities Network – Programme"),
        ("/desk/krakowice2018/printing/day-sheets.pdf?lang=pl", "pl", ""),
        ("/desk/krakowice2018/printing/door-signs.pdf?lang=en", "en", ""),
    ],
)
def test_a_document_is_tagged_and_says_language_and_title(organiser: FlaskClient, path: str, language: str, title: str):
    document = PdfReader(io.BytesIO(organiser.get(path).data))
    root = document.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (True, language, True)
    assert "/StructTreeRoot" in root
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    said = document.metadata.title if document.metadata else ""
    assert said == title if title else said
