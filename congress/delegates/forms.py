"""Forms about delegations, for organisers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Form, FormField, HiddenField, SelectField, ValidationError

from congress.core.forms import BaseForm, FileField, Given, LineField, MailField, Needed, NumberField, TextField
from congress.delegates.vocabulary import CATEGORY_LABELS, Category

_MOST_PEOPLE = 1000
_MOST_IN_ALL = 100_000


class HandOverForm(BaseForm):
    """Who looks after the delegation from now on."""

    name = LineField(_("Name of the successor"), [Needed()], most=200)
    email = MailField(_("E-mail address of the successor"), [Needed()])
    language = SelectField(_("Language of the e-mails"))

    def offer(self, languages: Mapping[str, str]) -> None:
        """The languages of the congress by code."""
        self.language.choices = list(languages.items())


class OverrideForm(BaseForm):
    """Limits of one city, with the reason; empty ones are those of the congress."""

    least = NumberField(_("At least"), greatest=_MOST_PEOPLE)
    most = NumberField(_("At most"), greatest=_MOST_PEOPLE)
    reason = LineField(
        _("Reason"), most=300, id="limit_reason", description=_("Needed where the limits differ from those of the congress.")
    )

    def validate_reason(self, field: Any) -> None:
        if not field.data and (self.least.data is not None or self.most.data is not None):
            raise ValidationError(_("Say why this city has limits of its own."))

    def validate_most(self, field: Any) -> None:
        if field.data is not None and self.least.data is not None and field.data < self.least.data:
            raise ValidationError(_("At most cannot be less than at least."))


class DeclineForm(BaseForm):
    """Why a city sends nobody."""

    reason = TextField(
        _("Why the city sends nobody"), [Needed(_("Write the reason that the city gave, or that none was given."))], most=2000
    )
    letter = FileField(_("Letter of the city"), description=_("If there is one: PDF, PNG or JPEG."))


class CodeForm(BaseForm):
    """The code of a letter of invitation."""

    code = LineField(
        _("Code"),
        [Needed(_("Type the code from the letter."))],
        most=40,
        description=_("Eight letters and digits, such as ABCD-EFGH."),
    )


class TermsForm(Form):
    """What holds for one category."""

    is_offered = BooleanField(_("Offered in the public form"))
    max_per_city = NumberField(_("At most per city"), greatest=_MOST_PEOPLE)
    max_people = NumberField(_("At most altogether"), greatest=_MOST_IN_ALL)


class LimitsForm(BaseForm):
    """The limits of a congress, and of each category in a part ``terms_<category>`` of its own."""

    version = HiddenField()
    min_delegates = NumberField(_("Fewest delegates of a city"), [Given()], greatest=_MOST_PEOPLE)
    max_delegates = NumberField(_("Most delegates of a city"), [Given()], greatest=_MOST_PEOPLE)
    max_people = NumberField(
        _("Most people altogether"),
        least=1,
        greatest=_MOST_IN_ALL,
        description=_("Empty: as many as cities and categories allow."),
    )
    offer_hours = NumberField(
        _("Hours for which a freed place is kept"), least=1, greatest=1000,
        description=_("Whoever waited longest is offered it and has so long to take it. Empty: given at once."),
    )  # fmt: skip
    silent_days = NumberField(
        _("Days after which a city is silent"), [Given()], least=1, greatest=365,
        description=_("An invited city that has done nothing for so long is listed as silent."),
    )  # fmt: skip

    def validate_max_delegates(self, field: Any) -> None:
        if field.data is not None and self.min_delegates.data is not None and field.data < self.min_delegates.data:
            raise ValidationError(_("The most cannot be less than the fewest."))

    def terms(self) -> dict[Category, TermsForm]:
        """The part of each category."""
        return {category: self[f"terms_{category.value}"].form for category in Category}


for _category in Category:
    setattr(LimitsForm, f"terms_{_category.value}", FormField(TermsForm, CATEGORY_LABELS[_category]))
