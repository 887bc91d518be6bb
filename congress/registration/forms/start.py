"""The first page: who registers, in which capacity, for which city."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField

from congress.core.forms import BaseForm, LineField, MailField, Needed, TextField, usable_key
from congress.core.text import first_upper
from congress.delegates.vocabulary import CATEGORY_LABELS, OF_A_CITY, Category


class NameFields(BaseForm):
    """The person's name and how to reach the person: on the first page, and where they are changed later."""

    title = LineField(
        _("Title"), most=40, description=_("Optional: Ms, Mr, Dr or as you like to be addressed."),
        render_kw={"autocomplete": "honorific-prefix"},
    )  # fmt: skip
    given_name = LineField(
        _("Given name"), [Needed(_("Write your given name."))], most=100,
        description=_("As you write it. The name in the passport, if it differs, is asked only where a visa needs it."),
        render_kw={"autocomplete": "given-name"},
    )  # fmt: skip
    family_name = LineField(
        _("Family name"), [Needed(_("Write your family name."))], most=100, render_kw={"autocomplete": "family-name"}
    )
    email = MailField(
        _("E-mail address"), [Needed(_("Write your e-mail address."))],
        description=_("Your personal link goes to this address."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )  # fmt: skip
    phone = LineField(
        _("Mobile phone"), most=60,
        description=_(
            "Optional. With the country code, such as +48. Used only during your stay: a late coach, a room that has changed."
        ),
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )  # fmt: skip
    language = SelectField(
        _("Language of our e-mails and of your calendar"), [Needed(_("Choose a language."))], validate_choice=False
    )

    def offer_languages(self, languages: dict[str, str]) -> None:
        """Hand in the languages by code."""
        self.language.choices = list(languages.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if self.language.data and self.language.data not in dict(self.language.choices or ()):
            self.add_error("language", str(_("Choose one of the languages in the list.")))
            valid = False
        return valid


class StartForm(NameFields):
    """One person begins to register. The categories, the cities of ``city`` and the languages are handed in."""

    on_page = ("category", "city", "comes_with", "outlet", "motive")
    submission = HiddenField()
    category = SelectField(
        _("Role at the congress"), validators=[Needed(_("Choose your role at the congress."))], validate_choice=False
    )
    city = SelectField(
        _("City"),
        description=_(
            "Start typing the name of your city. Delegates, mayors, coordinators and companions come from a member city."
        ),
        validate_choice=False,
        render_kw={"data-searchable": ""},
    )
    comes_with = LineField(
        _("Companions: with whom you come"), most=200,
        description=_("The name or e-mail address of the delegate of your city. Leave it empty if you are no companion."),
    )  # fmt: skip
    outlet = LineField(
        _("Press: the medium you work for"), most=200,
        description=_("And the number of your press card, if you have one. Leave it empty if you are not from the press."),
    )  # fmt: skip
    motive = TextField(
        _("Press: what you want to report on"), most=500,
        description=_("One or two sentences. The hosts decide on accreditations with it."),
    )  # fmt: skip

    def offer(self, categories: Collection[Category], cities: Any, languages: dict[str, str]) -> None:
        """Hand in the choices: cities as WTForms takes them (with an empty first one), languages by code."""
        if not set(categories) & {Category.MAYOR, Category.COORDINATOR, Category.COMPANION}:
            self.city.description = _("Start typing the name of your city.")
        self.category.choices = [("", ""), *((each.value, first_upper(str(CATEGORY_LABELS[each]))) for each in categories)]
        self.city.choices = cities
        self.offer_languages(languages)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = super().validate(extra_validators)
        chosen = self.category.data
        if chosen and chosen not in dict(self.category.choices or ()):
            self.add_error("category", str(_("Choose one of the roles in the list.")))
            return False
        for name, sentence in _missing(chosen, self.city.data, self.comes_with.data, self.outlet.data, self.motive.data):
            self.add_error(name, str(sentence))
            valid = False
        return valid

    @property
    def remark(self) -> str:
        """What the hosts need to decide on this category."""
        said = {Category.COMPANION.value: self.comes_with.data, Category.PRESS.value: self.motive.data}
        return str(said.get(self.category.data) or "")

    @property
    def organisation(self) -> str:
        return str(self.outlet.data or "") if self.category.data == Category.PRESS else ""

    @property
    def submission_key(self) -> str:
        """Names the form, as core.forms.usable_key."""
        return usable_key(self.submission.data)


def _missing(category: str, city: str, comes_with: str, outlet: str, motive: str) -> list[tuple[str, Any]]:
    """What this category needs and does not have: the name of the field and the sentence."""
    needs = [
        ("city", city, category in OF_A_CITY, _("Choose your city.")),
        ("comes_with", comes_with, category == Category.COMPANION, _("Write the name or e-mail address of the delegate you come with.")),
        ("outlet", outlet, category == Category.PRESS, _("Write which medium you work for.")),
        ("motive", motive, category == Category.PRESS, _("Write in a sentence or two what you want to report on.")),
    ]  # fmt: skip
    return [(name, sentence) for name, given, is_needed, sentence in needs if is_needed and not given]
