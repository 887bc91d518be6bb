"""Tests here share a database and undo what they do, unless they take ``context``."""

from tests.core.shared import shared_app, undone

__all__ = ["shared_app", "undone"]
