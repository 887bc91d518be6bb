"""Forms about cities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField

from congress.core.forms import BaseForm, FileField, LineField, MailField


class ContactForm(BaseForm):
    """One of the standing contacts of a city."""

    was = HiddenField()  # stands for what is known
    title = LineField(_("Title"), most=40)
    given_name = LineField(_("First name"), most=100)
    family_name = LineField(_("Family name"), most=100)
    function = LineField(_("Function"), most=200)
    institution = LineField(_("Institution"), most=200)
    email = MailField(_("E-mail address"))
    phone = LineField(_("Phone"), most=60)
    address = LineField(_("Postal address"), most=300)
    language = SelectField(_("Language of the e-mails"))
    may_be_shown = BooleanField(_("May be shown on the city's public page"))

    def offer(self, languages: Mapping[str, str]) -> None:
        """The languages in which mails are written, by code."""
        self.language.choices = list(languages.items())

    @property
    def cleaned(self) -> dict[str, Any]:
        """What was typed, by the names of the fields; a field left out is empty."""
        return {name: "" if value is None else value for name, value in self.data.items() if name != "was"}


class ContactsFileForm(BaseForm):
    """A file of contacts."""

    file = FileField(
        _("CSV or XLSX file"),
        description=_(
            "With the columns city, kind (mayor, representative, main, alternate) and email; also title, given_name, "
            "family_name, function, institution, address, phone, language (en, pl) and may_be_shown, if you have them."
        ),
        render_kw={"accept": ".csv,.xlsx,text/csv"},
    )
