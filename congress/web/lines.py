"""Lines of a programme, drawn once: kept by everything their markup depends on, so that none can be stale."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from flask import current_app, request
from markupsafe import Markup

from congress.core.kept import Kept
from congress.web import kinds

_drawn: Kept[Markup] = Kept(16_000_000, len)  # signs


def kept(said: Hashable, macro: Callable[..., Markup], *values: Hashable) -> Markup:
    """What ``macro`` draws of these values. ``said`` is what else it reads: the congress's slug and the language.

    The values themselves stand in the name, entries with all they say: another release draws what it changed anew.
    """
    if current_app.debug:  # templates change under our hands
        return macro(*values)
    # Addresses begin with where the application is mounted.
    name = (macro.name, said, kinds.chosen_kind(), request.script_root, values)  # type: ignore[attr-defined]
    return _drawn.get(name, lambda: macro(*values))
