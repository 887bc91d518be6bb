"""What five programs read in every feed equals what the released programme says."""

from __future__ import annotations

import pytest

from tests.interop.conftest import FEEDS, Served
from tests.interop.readers import READERS, Read

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("read", READERS, indirect=True)
def test_reads_what_was_released(read: Read, feed: str, served: dict[str, Served]) -> None:
    assert read(served[feed].body) == served[feed].told


def test_feeds_hold_what_the_second_release_changed(served: dict[str, Served]) -> None:
    told = served["plenary"].told["events"].values()
    assert sorted((each["sequence"], each["status"]) for each in told if each["sequence"]) == [
        (1, "CANCELLED"),
        (1, "CONFIRMED"),
        (1, "CONFIRMED"),
        (1, "CONFIRMED"),
    ]
    assert [each["start"] for each in told if not each["end"]] != []
    assert served["personal"].told["events"] != {}
