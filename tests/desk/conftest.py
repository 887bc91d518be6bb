"""Tests of signing in stop the clock: ``pytestmark = pytest.mark.usefixtures("clock")``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.desk.signing import AT


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(AT, tick=False) as moving:
        yield moving
