"""A moment in which others come."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def slowly(act: Callable[..., Any]) -> Callable[..., Any]:
    """The same, with a moment before and after it."""

    def moment(*values: Any, **more: Any) -> Any:
        time.sleep(0.1)
        done = act(*values, **more)
        time.sleep(0.2)
        return done

    return moment
