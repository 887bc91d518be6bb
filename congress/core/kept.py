"""Values kept in memory by what they depend on. A name must hold all of that, so nothing kept can be stale."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, ParamSpec, TypeVar, cast

Value = TypeVar("Value")
Asked = ParamSpec("Asked")


def remembered(answer: Callable[Asked, Value]) -> Callable[Asked, Value]:
    """What a function has said once, for good: ``functools.cache``, which by itself would hide from mypy what the function takes."""
    return cast(Callable[Asked, Value], functools.cache(answer))


class Kept(Generic[Value]):
    """The most recently used values, at most ``most`` of them, or that much as ``weigh`` weighs them; safe between threads."""

    def __init__(self, most: int, weigh: Callable[[Value], int] = lambda _value: 1) -> None:
        self._most, self._weigh = most, weigh
        self._weight = 0
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._guard = Lock()

    def find(self, name: Hashable) -> Value | None:
        """The value of that name, if it is there."""
        with self._guard:
            if name not in self._values:
                return None
            self._values.move_to_end(name)
            return self._values[name]

    def keep(self, name: Hashable, value: Value) -> None:
        """Keep a value, instead of the one that had this name before."""
        with self._guard:
            if name in self._values:
                self._weight -= self._weigh(self._values.pop(name))
            if self._weigh(value) > self._most:
                return
            self._values[name] = value
            self._weight += self._weigh(value)
            while self._values and self._weight > self._most:
                self._weight -= self._weigh(self._values.popitem(last=False)[1])

    def get(self, name: Hashable, make: Callable[[], Value]) -> Value:
        """The value of that name, made now if it is not there."""
        value = self.find(name)
        if value is None:
            value = make()
            self.keep(name, value)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._values.clear()
            self._weight = 0
