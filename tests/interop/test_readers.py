"""What five programs read in every feed equals what the released programme says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.interop.conftest import FEEDS, Served
from tests.interop.facts import as_read_by, differences
from tests.interop.readers import READERS, Read

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("reader", READERS)
def test_reads_what_was_released(reader_called: Callable[[str], Read], reader: str, feed: str, served: dict[str, Served]) -> None:
    said = reader_called(reader)(served[feed].body)
    assert differences(said, as_read_by(reader, served[feed].told)) == []


def test_feeds_hold_what_the_second_release_changed(served: dict[str, Served]) -> None:
    told = served["plenary"].told["events"].values()
    assert sorted((each["sequence"], each["status"]) for each in told if each["sequence"]) == [
        (1, "CANCELLED"),
        (1, "CONFIRMED"),
        (1, "CONFIRMED"),
        (1, "CONFIRMED"),
    ]
    assert [each["start"] for each in told if not each["end"]] != []
    assert [name for name, each in served.items() if not each.told["events"]] == []
