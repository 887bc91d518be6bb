"""The shape of what is asked of a new congress."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField

from congress.core.forms import LineField, Needed
from congress.core.localised_forms import LocalisedForm


class FirstDayField(DateField):
    """A date, with a sentence of ours when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("This day does not exist. Write it as 2018-06-12.")) from None


class CopyForm(LocalisedForm):
    """How the copy of a congress is called, and when it begins."""

    name_en = LineField(_("Short name in English"), [Needed(_("Write the name in English."))], most=80)
    name_pl = LineField(_("Short name in Polish"), [Needed(_("Write the name in Polish."))], most=80)
    long_name_en = LineField(_("Full name in English"), most=200, description=_("Such as: XIII Annual Meeting of the Network."))
    long_name_pl = LineField(_("Full name in Polish"), most=200)
    slug = LineField(
        _("Part of the address"),
        [Needed(_("Write what stands in the address."))],
        most=40,
        description=_("Small letters, digits and hyphens, such as meeting-2019. It stays for life."),
    )
    starts_on = FirstDayField(
        _("First day"),
        [Needed(_("Give the first day."))],
        description=_("Everything moves with it, by whole days; times of day stay."),
    )
