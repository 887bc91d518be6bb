"""Rendered entries and calendars, kept by what they say and never by when: nothing here can be stale.

A piece is named by everything its bytes depend on (entry, sequence, words, address), a calendar by its release and options.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The most recently used values, at most ``most`` of them; safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._guard = Lock()

    def get(self, name: Hashable, make: Callable[[], Value]) -> Value:
        """The value of that name, made now if it is not there."""
        with self._guard:
            if name in self._values:
                self._values.move_to_end(name)
                return self._values[name]
        value = make()
        with self._guard:
            self._values[name] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


pieces: Kept[bytes] = Kept(40_000)  # about 1.5 kB each: at most 60 MB a process
calendars: Kept[tuple[bytes, str]] = Kept(200)  # bytes and ETag of public calendars
