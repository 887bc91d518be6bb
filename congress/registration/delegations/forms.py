"""The shapes of what a focal point fills in. Each form carries the version of the delegation that its page showed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from congress.core.forms import BaseForm, FileField, LineField, MailField, Needed, TextField, usable_key
from congress.core.text import first_upper
from congress.delegates.models import Delegate
from congress.delegates.vocabulary import CATEGORY_LABELS, OF_A_CITY, PART_LABELS, Category, Part
from congress.registration.services import Applicant

OF_CITY = [each for each in Category if each in OF_A_CITY]
FURTHER = (Category.MAYOR, Category.COORDINATOR, Category.SPEAKER)  # roles that one may have beside another


class DelegationForm(BaseForm):
    """What every form of a delegation carries."""

    submission = HiddenField()
    version = HiddenField()


class NewcomerForm(DelegationForm):
    """A person who takes somebody's place: the role and the part stay as they are."""

    title = LineField(_("Title"), most=40, render_kw={"autocomplete": "off"})
    given_name = LineField(_("Given name"), [Needed(_("Write the given name."))], most=100, render_kw={"autocomplete": "off"})
    family_name = LineField(_("Family name"), [Needed(_("Write the family name."))], most=100, render_kw={"autocomplete": "off"})
    email = MailField(
        _("E-mail address"), [Needed(_("Write the e-mail address."))],
        description=_("The personal link goes there. For a mayor, the address of the office will do."),
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )  # fmt: skip
    language = SelectField(_("Language of our e-mails to this person"), validate_choice=False)
    function = LineField(_("Function"), most=200, render_kw={"autocomplete": "off"})
    organisation = LineField(_("Institution"), most=200, render_kw={"autocomplete": "off"})

    def offer(self, languages: Mapping[str, str]) -> None:
        """Hand in the languages by code."""
        self.language.choices = list(languages.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = super().validate(extra_validators)
        if self.language.data not in dict(self.language.choices or ()):
            self.add_error("language", str(_("Choose one of the languages in the list.")))
            valid = False
        return bool(valid)

    def applicant(self, category: Category, part: Part) -> Applicant:
        """The person as registration takes one; the city is the delegation's."""
        return Applicant(
            submission_key=usable_key(self.submission.data), category=category, part=part, city="",
            title=self.title.data or "", given_name=self.given_name.data, family_name=self.family_name.data,
            email=self.email.data, language=self.language.data,
            organisation=self.organisation.data or "", function=self.function.data or "",
        )  # fmt: skip


class PersonForm(NewcomerForm):
    """A person of the delegation, new or known. ``was`` stands for what is known."""

    was = HiddenField()
    category = SelectField(_("Role at the congress"), validate_choice=False)
    part = SelectField(_("Part in the delegation"), validate_choice=False)
    also = SelectMultipleField(
        _("Also"),
        description=_("Who has a further role is still one person and takes one place."),
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False,
    )  # fmt: skip
    note = LineField(_("Note for the hosts"), most=300, description=_("For example: arrives with the mayor. Not needed."))

    def offer(self, languages: Mapping[str, str], roles: Collection[Category] = tuple(Category)) -> None:
        """Hand in the languages by code and the roles that there are; who has another one already keeps it."""
        super().offer(languages)
        has = {self.category.object_data, *(self.also.object_data or ())}
        self.category.choices = _named(each for each in OF_CITY if each in roles or each in has)
        parts = [
            each for each in Part if each is not Part.COMPANION or Category.COMPANION in roles or self.part.object_data == each
        ]
        self.part.choices = [(each.value, first_upper(str(PART_LABELS[each]))) for each in parts]
        self.also.choices = _named(each for each in FURTHER if each in roles or each in has)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = super().validate(extra_validators)
        for name in ("category", "part"):
            if self[name].data not in dict(self[name].choices):
                self.add_error(name, str(_("Choose one from the list.")))
                valid = False
        if not set(self.also.data or ()) <= set(dict(self.also.choices)):
            self.add_error("also", str(_("Choose from the list.")))
            valid = False
        if valid and self.category.data == Category.COMPANION and self.part.data == Part.HEAD:
            self.add_error("part", str(_("A companion does not head a delegation.")))
            valid = False
        return bool(valid)

    @property
    def person(self) -> Applicant:
        category = Category(self.category.data)
        return self.applicant(category, Part.COMPANION if category is Category.COMPANION else Part(self.part.data))

    @property
    def further(self) -> list[str]:
        return [each for each in self.also.data or () if each != self.category.data]


def _named(roles: Iterable[Category]) -> list[tuple[str, str]]:
    return [(each.value, first_upper(str(CATEGORY_LABELS[each]))) for each in roles]


def known(delegate: Delegate) -> dict[str, Any]:
    """What is known of a delegate, by the names of the form's fields."""
    person = delegate.person
    return {
        "title": person.title, "given_name": person.given_name, "family_name": person.family_name, "email": person.email,
        "language": person.language, "category": delegate.category.value, "part": delegate.part.value,
        "also": list(delegate.also), "organisation": delegate.organisation, "function": delegate.function,
    }  # fmt: skip


class PasteForm(DelegationForm):
    """Rows of a spreadsheet."""

    rows = TextAreaField(
        _("Rows"), render_kw={"rows": 12, "spellcheck": "false", "autocomplete": "off"},
        description=_("Copy the cells in your spreadsheet and paste them here: one person a row."),
    )  # fmt: skip


class DeclineForm(DelegationForm):
    """The city sends nobody."""

    reason = TextField(_("Reason"), [Needed(_("Write in a few words why nobody comes."))], most=2000, render_kw={"rows": 5})
    letter = FileField(_("Letter"), description=_("If you have an official letter: PDF, JPEG or PNG, at most 10 MB."))
