"""Answers to programs: validators, codings, conditional requests (RFC 9110, 8.8, 12.5.3 and 13)."""

from __future__ import annotations

import gzip
import threading
from datetime import timedelta
from zoneinfo import ZoneInfo

import brotli
import pytest
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from congress.web.answers import CODINGS, Document, choose_coding
from tests.factories import utc

RELEASED = utc(2018, 6, 12, 9)
DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
ACCEPTED = {"br": "br", "gzip": "gzip", "": "identity"}


def make_document(body: bytes = b"BEGIN:VCALENDAR\r\n" * 40, **changes: object) -> Document:
    values = {"content_type": "text/calendar; charset=utf-8", "filename": "x.ics", "last_modified": RELEASED, "is_public": True}
    return Document(body, **(values | changes))


def ask(document: Document, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and bytes for the request headers given with underscores."""
    environ = {"REQUEST_METHOD": method, **{f"HTTP_{name.upper()}": value for name, value in headers.items()}}
    status, given_headers, body = document.answer(environ)
    assert len(dict(given_headers)) == len(given_headers), "a header is given once"
    return status, dict(given_headers), body


def weight(quality: int) -> str:
    return f"{quality / 1000:.3f}".rstrip("0").rstrip(".")


qualities = st.integers(0, 1000)
likings = st.dictionaries(st.sampled_from(["br", "gzip", "identity", "*", "zstd", "deflate"]), qualities, max_size=6)


@given(likings, st.booleans(), st.booleans())
@example({"identity": 0}, False, False)
@example({"*": 0}, False, False)
@example({"*": 0, "identity": 500}, False, False)
@example({"br": 1}, False, False)
def test_the_coding_is_one_that_is_accepted_and_none_is_liked_better(liked: dict[str, int], is_upper: bool, has_spaces: bool):
    semicolon, comma = (" ; ", " , ") if has_spaces else (";", ",")
    header = comma.join(f"{name}{semicolon}q={weight(quality)}" for name, quality in liked.items())

    chosen = choose_coding(header.upper() if is_upper else header)

    # 12.5.3: what is named has its weight; "*" stands for what is not; only identity is accepted without being named.
    compressed = {coding: liked.get(coding, liked.get("*", 0)) for coding in ("br", "gzip")}
    plain = liked.get("identity", 0)
    best = max(compressed.values())
    if best > 0 and best >= plain:
        assert chosen in compressed
        assert compressed[chosen] == best
        assert chosen == "br" or compressed["br"] < best
    else:  # also where nothing is accepted: a calendar that cannot be refused is better than 406
        assert chosen == ""


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.8", "gzip"),
        ("gzip, identity", "gzip"),
        ("gzip;q=0.5, identity;q=1", ""),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("identity;q=0", ""),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("deflate, zstd", ""),
        ("GZip", "gzip"),
        ("gzip;q=none", "gzip"),
        (",,;q=1,", ""),
        ("gzip" * 2000, ""),
        ("żółć", ""),
    ],
)
def test_what_programs_send_is_understood(header: str, coding: str):
    if header == "gzip;q=none":  # not of the RFC's grammar: either reading is right
        assert choose_coding(header) in {"", "gzip"}
    else:
        assert choose_coding(header) == coding


@given(st.text(max_size=60))
def test_no_header_is_an_error(header: str):
    assert choose_coding(header) in CODINGS
    assert ask(make_document(), if_none_match=header, if_modified_since=header, accept_encoding=header)[0] in {200, 304}


@given(st.binary(max_size=3000))
@example(b"")
def test_every_coding_is_the_same_bytes(body: bytes):
    document = make_document(body)
    for coding in CODINGS:
        status, headers, given_body = ask(document, accept_encoding=ACCEPTED[coding])
        assert (status, headers.get("Content-Encoding", ""), headers["Content-Length"]) == (200, coding, str(len(given_body)))
        assert DECODED[coding](given_body) == body


@given(st.lists(st.binary(max_size=4), min_size=2, max_size=6))
def test_tags_are_equal_exactly_when_the_bytes_are(bodies: list[bytes]):
    tags = {(body, coding): make_document(body).etag(coding) for body in bodies for coding in CODINGS}
    assert len(set(tags.values())) == len(tags)
    assert all(make_document(body).etag(coding) == tag for (body, coding), tag in tags.items())


def test_the_same_bytes_are_compressed_the_same_in_every_process():
    times = [utc(2018, 6, 12), utc(2019, 1, 1)]
    for coding in ("br", "gzip"):
        made = []
        for time in times:
            with time_machine.travel(time, tick=False):
                made.append(make_document().coded(coding))
        assert made[0] == made[1]


@pytest.mark.parametrize("coding", CODINGS)
def test_a_document_says_what_it_is(coding: str):
    document = make_document()
    assert ask(document, accept_encoding=ACCEPTED[coding])[1] == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="x.ics"',
        "Cache-Control": "public, max-age=300",
        "Vary": "Accept-Encoding",
        "Accept-Ranges": "none",
        "Access-Control-Allow-Origin": "*",
        "Last-Modified": "Tue, 12 Jun 2018 09:00:00 GMT",
        "ETag": document.etag(coding),
        "Content-Length": str(len(document.coded(coding))),
        **({"Content-Encoding": coding} if coding else {}),
    }


def test_what_is_for_one_reader_is_kept_and_found_by_nobody_else():
    headers = ask(make_document(is_public=False, last_modified=None, is_attachment=True))[1]
    assert headers == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'attachment; filename="x.ics"',
        "Cache-Control": "private, max-age=300",
        "Vary": "Accept-Encoding",
        "Accept-Ranges": "none",
        "X-Robots-Tag": "noindex",
        "ETag": headers["ETag"],
        "Content-Length": "680",
    }


@pytest.mark.parametrize("coding", CODINGS)
def test_304_says_what_the_answer_would_but_nothing_of_a_body(coding: str):
    document = make_document()
    asked = {"accept_encoding": ACCEPTED[coding], "if_none_match": document.etag(coding)}
    assert ask(document, **asked) == (
        304,
        {
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Encoding",
            "Accept-Ranges": "none",
            "Access-Control-Allow-Origin": "*",
            "Last-Modified": "Tue, 12 Jun 2018 09:00:00 GMT",
            "ETag": document.etag(coding),
        },
        b"",
    )


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    "form",
    ["{}", "W/{}", '"other", {}', '{}, "other"', '"a","b",W/{}', ' "a" ,  {} ', '"a, b", {}', 'W/"a", W/"b", {}, "c"', "*"],
)
def test_a_reader_who_has_it_in_any_coding_is_told_so(form: str, coding: str):
    document = make_document()
    for accepted in ACCEPTED.values():
        assert ask(document, accept_encoding=accepted, if_none_match=form.format(document.etag(coding)))[0] == 304


@pytest.mark.parametrize(
    "asked", ['"other"', 'W/"other"', '"a", "b"', "other", '""', "{}x", '"x{}', '"{}-zstd"', '"{}-br-br"', '"*"', ",", "W/"]
)
def test_a_reader_who_has_something_else_gets_it(asked: str):
    document = make_document()
    status, headers, body = ask(document, if_none_match=asked.format(document.tag))
    assert (status, body, headers["ETag"]) == (200, document.body, document.etag(""))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("Tue, 12 Jun 2018 09:00:00 GMT", 304),
        ("Tue, 12 Jun 2018 09:00:01 GMT", 304),
        ("Tue, 12 Jun 2018 08:59:59 GMT", 200),
        ("Tuesday, 12-Jun-18 09:00:00 GMT", 304),
        ("Tuesday, 12-Jun-18 08:00:00 GMT", 200),
        ("Tue Jun 12 09:00:00 2018", 304),
        ("Tue Jun 12 08:00:00 2018", 200),
        ("Tue, 12 Jun 2018 11:00:00 +0200", 304),
        ("Tue, 12 Jun 2018 10:59:59 +0200", 200),
        ("nonsense", 200),
        ("2018-06-12T09:00:00Z", 200),
        ("1528794000", 200),
        ("Tue, 32 Jun 2018 09:00:00 GMT", 200),
        ("Tue, 12 Jun 99999 09:00:00 GMT", 200),
        ("Tue, 12 Jun 99999999999999999999 09:00:00 GMT", 200),
        ("Tue, 12 Jun 2018 09:00:00 +99999999999999999999", 200),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 200),
    ],
)
def test_who_asks_by_time_is_answered_by_time(asked: str, status: int):
    assert ask(make_document(), if_modified_since=asked)[0] == status


def test_a_tag_wins_over_a_time():
    document, later = make_document(), "Fri, 15 Jun 2018 09:00:00 GMT"
    earlier = "Fri, 01 Jun 2018 09:00:00 GMT"
    assert ask(document, if_none_match='"other"', if_modified_since=later)[0] == 200
    assert ask(document, if_none_match=document.etag(""), if_modified_since=earlier)[0] == 304


def test_what_has_no_time_is_not_answered_by_time():
    status, headers, _body = ask(make_document(last_modified=None), if_modified_since="Fri, 15 Jun 2018 09:00:00 GMT")
    assert (status, "Last-Modified" in headers) == (200, False)


def test_no_answer_says_that_it_was_changed_in_the_future():
    with time_machine.travel(RELEASED - timedelta(hours=1), tick=False):
        headers = ask(make_document())[1]
    assert headers["Last-Modified"] == "Tue, 12 Jun 2018 08:00:00 GMT"


def test_a_time_is_told_in_gmt_whatever_zone_it_has():
    there = RELEASED.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert ask(make_document(last_modified=there))[1]["Last-Modified"] == "Tue, 12 Jun 2018 09:00:00 GMT"


@pytest.mark.parametrize("status", [404, 410])
def test_what_has_ended_is_said_again_to_whoever_asks(status: int):
    document = make_document(status=status, last_modified=None, is_public=False)
    for asked in ("*", document.etag("")):
        found, headers, body = ask(document, if_none_match=asked)
        assert (found, body, headers["Content-Length"]) == (status, document.body, str(len(document.body)))


@pytest.mark.parametrize("coding", CODINGS)
def test_bytes_that_are_made_when_they_are_asked_for_are_those_that_are_kept(coding: str):
    kept, made = make_document(b"abc" * 99, tag="t"), make_document(lambda: b"abc" * 99, tag="t")
    for asked in ({}, {"if_none_match": '"t-br"'}, {"if_none_match": '"u"'}):
        assert ask(made, accept_encoding=ACCEPTED[coding], **asked) == ask(kept, accept_encoding=ACCEPTED[coding], **asked)


def test_bytes_are_not_made_for_who_has_them():
    made: list[int] = []
    document = make_document(lambda: made.append(1) or b"abc", tag="t")

    assert (ask(document, if_none_match='"t"')[0], made) == (304, [])
    assert (ask(document)[2], made) == (b"abc", [1])


def test_threads_that_ask_at_once_get_the_same_bytes():
    document, found = make_document(bytes(range(256)) * 400), []
    start = threading.Barrier(8)

    def run(coding: str) -> None:
        start.wait()
        found.append((coding, ask(document, accept_encoding=ACCEPTED[coding])[2]))

    threads = [threading.Thread(target=run, args=(coding,)) for coding in ("br", "gzip", "br", "gzip", "br", "gzip", "", "")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {coding: DECODED[coding](body) for coding, body in found} == dict.fromkeys(CODINGS, document.body)
    assert len(set(found)) == 3
