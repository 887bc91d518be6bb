"""What organisers fill in about a person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from congress.core.forms import BaseForm, LineField, MailField, Needed, usable_key
from congress.core.text import first_upper
from congress.delegates.vocabulary import CATEGORY_LABELS, OF_A_CITY, PART_LABELS, Category, Part


class _NameFields(BaseForm):
    """Name and address."""

    title = LineField(_("Title"), most=40)
    given_name = LineField(_("Given name"), [Needed(_("Write the given name."))], most=100)
    family_name = LineField(_("Family name"), [Needed(_("Write the family name."))], most=100)
    email = MailField(_("E-mail address"), [Needed(_("Write an e-mail address; the personal link goes there."))])
    language = SelectField(_("Language of the e-mails"), validate_choice=True)
    organisation = LineField(_("Institution"), most=200)
    function = LineField(_("Function"), most=200)

    def offer_languages(self, languages: dict[str, str]) -> None:
        """Hand in the languages by code."""
        self.language.choices = list(languages.items())

    @property
    def submission_key(self) -> str:
        """Names the form, as core.forms.usable_key."""
        return usable_key(self["submission"].data if "submission" in self else None)


class _PersonFields(_NameFields):
    """Name, address and in which capacity."""

    category = SelectField(_("Category"), [Needed(_("Choose a category."))], validate_choice=True)

    def offer_words(self, languages: dict[str, str], roles: Collection[Category]) -> None:
        """Hand in the languages and the roles that there are; who has another one already keeps it."""
        self.offer_languages(languages)
        known = [each for each in Category if each in roles or each == self.category.object_data]
        self.category.choices = [("", ""), *((each.value, first_upper(str(CATEGORY_LABELS[each]))) for each in known)]


class ReplaceForm(_NameFields):
    """Who comes in somebody's place. ``version`` and ``seen`` say what the page showed."""

    submission = HiddenField()
    version = HiddenField()
    seen = HiddenField()


class EditForm(_PersonFields):
    """Corrections of one registration. ``version`` and ``seen`` say what the page showed."""

    version = HiddenField()
    seen = HiddenField()
    phone = LineField(_("Phone"), most=60)
    part = SelectField(_("In the delegation"), validate_choice=True)
    badge_name = LineField(_("Name on the badge"), most=120, description=_("Empty: the name above."))
    badge_city = LineField(_("City or institution on the badge"), most=120, description=_("Empty: the city of the delegation."))
    over_limit = BooleanField(_("Also where a limit is exceeded by it"))

    def offer(self, languages: dict[str, str], roles: Collection[Category]) -> None:
        """Hand in the choices."""
        self.offer_words(languages, roles)
        self.part.choices = [(each.value, first_upper(str(PART_LABELS[each]))) for each in Part]


NO_CITY = "-"  # no city has this address


class CityForm(BaseForm):
    """To which city a registration belongs. ``version`` and ``seen`` say what the page showed; ``full`` is asked where there is no place."""

    version = HiddenField()
    seen = HiddenField()
    city = SelectField(_("Right city"), [Needed(_("Choose the city."))], validate_choice=True, render_kw={"data-searchable": ""})
    full = RadioField(_("What is to be done?"), [Optional()], description=_("The city has no free place."), validate_choice=True)
    why = LineField(_("Reason"), most=300, description=_("Needed where a limit is exceeded. It is kept in the history."))

    def offer(self, cities: Any, when_full: Any) -> None:
        """Hand in the choices as WTForms takes them."""
        self.city.choices, self.full.choices = cities, when_full

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if self.full.data == "over" and not self.why.data:
            self.add_error("why", str(_("Write why the limit may be exceeded.")))
            valid = False
        return valid


class PutInForm(BaseForm):
    """A person who is put into a session. ``full`` and ``why`` are asked where it has no place, or people cannot choose any more."""

    full = RadioField(_("What is to be done?"), [Optional()], description=_("All places are taken."), validate_choice=True)
    why = LineField(
        _("Reason"), most=300, description=_("Needed past the deadline or past the number of places. It is kept in the history.")
    )

    def offer(self, when_full: Any) -> None:
        """Hand in the choices as WTForms takes them."""
        self.full.choices = when_full

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if self.full.data == "over" and not self.why.data:
            self.add_error("why", str(_("Write why the person gets a place although all are taken.")))
            valid = False
        return valid


class WalkInForm(_PersonFields):
    """Somebody who stands at the desk, or whom organisers note down."""

    on_page = ("category", "city")
    submission = HiddenField()
    city = SelectField(
        _("City"),
        description=_("Delegates, mayors, coordinators and companions come from a member city."),
        validate_choice=False,
        render_kw={"data-searchable": ""},
    )
    over_limit = BooleanField(
        _("Confirm also where a limit is reached"), description=_("Otherwise the person goes to the waiting list.")
    )
    why = LineField(_("Reason"), most=300, description=_("Needed where a limit is exceeded. It is kept in the history."))

    def offer(self, cities: Any, languages: dict[str, str], roles: Collection[Category]) -> None:
        """Hand in the choices: cities as WTForms takes them, with an empty first one."""
        self.offer_words(languages, roles)
        self.city.choices = cities

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if self.category.data in OF_A_CITY and not self.city.data:
            self.add_error("city", str(_("Choose the city.")))
            valid = False
        if self.over_limit.data and not self.why.data:
            self.add_error("why", str(_("Write why the limit may be exceeded.")))
            valid = False
        return valid
