"""What is written and read again is the same draft."""

from __future__ import annotations

import io
import uuid

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from congress.congresses.models import Congress
from congress.core import sheets, sheets_out
from congress.core.db import db
from congress.core.localised import Localised
from congress.programme import queries
from congress.programme.exchange import columns, matching, storing, tables
from congress.programme.exchange.plans import Defaults
from congress.programme.exchange.storing import Stored
from congress.programme.models import Contributor
from congress.programme.people import services as people
from congress.programme.people.services import Words
from congress.programme.vocabulary import Part
from tests.factories import NOW, the_congress, the_item
from tests.programme.exchange.drafts import add, empty_congress, items, told

BY = "olga@krakowice.example"
WRITERS = {"csv": sheets_out.csv, "xlsx": sheets_out.xlsx}


def put(congress: Congress, content: bytes) -> Stored:
    """Read a file and write it into the draft, as the desk does; it must hold no errors."""
    sheet = sheets.read(io.BytesIO(content))
    languages = matching.languages_of(congress, sheet.header)
    plan = matching.check(congress, sheet, columns.guess(sheet.header, languages), Defaults())
    assert [(row.line, row.errors) for row in plan.rows if row.errors] == []
    return storing.store(congress, plan, by=BY, now=NOW)


def of(congress: Congress, writer: str) -> bytes:
    return b"".join(WRITERS[writer](tables.rows(congress)))


@pytest.mark.parametrize("writer", WRITERS)
def test_the_draft_of_2018_comes_back_from_its_table(undone: Flask, writer: str):
    draft, file = told(the_congress()), of(the_congress(), writer)
    for each in queries.placements(the_congress()):
        each.uid = str(uuid.uuid5(uuid.NAMESPACE_OID, each.uid))  # so that the identities in the file are free
    other = empty_congress()
    done = put(other, file)
    assert told(other) == draft
    assert (done.added, done.changed) == (len(draft), 0)


def test_the_same_table_again_changes_nothing(undone: Flask):
    congress = the_congress()
    draft = told(congress)
    assert put(congress, of(congress, "csv")) == Stored(0, 0, 0)
    assert told(congress) == draft


def test_identities_that_are_taken_become_others_and_are_known_again(undone: Flask):
    file, other = of(the_congress(), "csv"), empty_congress()
    put(other, file)
    assert told(other, "uid") == told(the_congress(), "uid")
    assert not {row["uid"] for row in told(other)} & {row["uid"] for row in told(the_congress())}
    assert put(other, file) == Stored(0, 0, 0)


@pytest.mark.parametrize("writer", WRITERS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_draft_comes_back_from_its_table(undone: Flask, writer: str, data: st.DataObject):
    nested = db.session.begin_nested()
    congress, other = empty_congress(), empty_congress()
    drawn = data.draw(st.lists(items(congress.hosts, queries.venues(congress), queries.rooms(congress)), min_size=1, max_size=3))
    add(congress, drawn)
    put(other, of(congress, writer))
    was, became = told(congress, "uid"), told(other, "uid")
    nested.rollback()
    assert became == was


def test_a_speaker_who_has_another_part_in_the_table_stays_the_speaker_whose_own_word_it_is_to_be_named(undone: Flask):
    congress = the_congress()
    speaker = people.add(congress, Words(name="Nomsa Sprecherin", functions=Localised(), biographies=Localised()))
    session = the_item("P029")
    session.contributors = [Contributor(name=speaker.name, part=Part.SPEAKER, speaker=speaker)]
    db.session.flush()
    file = of(congress, "csv").decode().replace("Nomsa Sprecherin", "chair: Nomsa Sprecherin")

    put(congress, file.encode())

    assert [(each.part, each.speaker, each.agrees) for each in session.contributors] == [(Part.CHAIR, speaker, False)]
