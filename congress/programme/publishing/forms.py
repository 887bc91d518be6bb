"""The shape of a release, of the return to an older one, and of the quiet time before its mails."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField
from wtforms.validators import Optional

from congress.core.forms import BaseForm, Given, NumberField, TextField
from congress.core.localised_forms import LocalisedForm
from congress.programme import rules
from congress.programme.forms import OurDateField, OurTimeField

_LONGEST_QUIET = 7 * 24 * 60


class ReleaseForm(LocalisedForm):
    """The notes of a release, whether it is provisional and people are told, and when it comes out if not at once."""

    note_en = TextField(
        _("Note in English"),
        most=2000,
        description=_("One or two sentences for readers of the change log. They are also quoted in the e-mails that go out."),
    )
    note_pl = TextField(_("Note in Polish"), most=2000, description=_("The same for Polish readers."))
    is_provisional = BooleanField(
        _("The programme is provisional"), description=_("It is then labelled so on pages, in print and in mails.")
    )
    send_mails = BooleanField(
        _("Send these mails"), default=True, description=_("Without this tick they wait until you send them on this page.")
    )
    due_on = OurDateField(_("Day"), [Optional()], description=_("Leave day and time empty to release at once."))
    due_time = OurTimeField(_("Time"), [Optional()], description=_("In the time zone of the congress."))

    takes_all = BooleanField(
        _("With a time: everything that has changed by then, not only what is chosen here"),
    )
    zone = ZoneInfo("UTC")  # the view hands in that of the congress
    due_at: datetime | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; ``due_at`` is then the instant for which it is planned, None for at once."""
        valid = bool(super().validate(extra_validators))
        day, clock = self.due_on.data, self.due_time.data
        if not valid or day is clock is None:
            return valid
        if day is None or clock is None:
            self.add_error("due_on" if day is None else "due_time", gettext("Give both the day and the time."))
            return False
        self.due_at = rules.local_instant(day, clock.hour, clock.minute, self.zone)
        if self.due_at is None:
            self.add_error("due_time", gettext("This time does not exist on that day: the clocks go forward."))
        return self.due_at is not None


class ReturnForm(LocalisedForm):
    """The notes of the release that brings an older one back; ``seen`` is the number of the one in force on the page."""

    note_en = TextField(_("Note in English"), most=2000)
    note_pl = TextField(_("Note in Polish"), most=2000)
    send_mails = BooleanField(_("Send these mails"), default=True)
    seen = HiddenField()


class QuietForm(BaseForm):
    """Minutes between a release and its mails."""

    minutes = NumberField(
        _("Minutes between a release and its mails"),
        [Given()],
        greatest=_LONGEST_QUIET,
        description=_(
            "What you release in this time joins the same mail, so that a correction makes no second one. 0: mails leave at once."
        ),
    )
