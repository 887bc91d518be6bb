"""What pages ask before they show anything, beside the guard of the whole desk."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _
from flask_security import current_user

from congress.accounts import rules
from congress.core.errors import NotAllowed


def need_registrations() -> None:
    """The page shows who has registered. Raises NotAllowed for whom it is not."""
    if not rules.may_see_registrations(current_user.held, g.congress.id):
        raise NotAllowed(_("Your role does not show who has registered."))


def need_sensitive() -> None:
    """The page shows what is sensitive. Raises NotAllowed for whom it is not."""
    if not rules.may_see_sensitive(current_user.held, g.congress.id):
        raise NotAllowed(_("Your role does not show what is sensitive."))
