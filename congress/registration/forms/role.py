"""The pages of the person and of the role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField

from congress.core.forms import BaseForm, LineField, Needed, TextField
from congress.delegates.vocabulary import Category
from congress.registration.form.words import WORKING_LANGUAGES
from congress.registration.forms.start import NameFields


class IdentityForm(NameFields):
    """Who the person is and what stands on the badge."""

    on_page = ("title", "given_name", "family_name", "pronouns", "badge_name", "badge_city")
    badge_name = LineField(
        _("Name on the badge"), most=120, description=_("Only if it should differ from your name, for example a shorter form.")
    )
    badge_city = LineField(
        _("City or institution on the badge"), most=120, description=_("Only if it should differ from your city.")
    )
    pronouns = LineField(_("Pronouns"), most=40, description=_("Optional. They are printed on the badge if you write them here."))


def not_asked(category: Category, languages: Mapping[str, str]) -> list[str]:
    """What people of this category are not asked about their role, by the names of the fields; ``languages`` are those people work in."""
    left_out = {
        "in_mayors_session": category is not Category.MAYOR,
        "speaks": category is not Category.MAYOR,
        "speech_title": category is not Category.MAYOR,
        "remark": category is not Category.PRESS,
        "working_language": category in {Category.COMPANION, Category.PRESS} or len(languages) < 2,
        "needs_interpretation": category is Category.COMPANION or len(languages) < 2,
    }
    return [name for name, is_left_out in left_out.items() if is_left_out]


class RoleForm(BaseForm):
    """What the person does; fields that are for other categories are taken out by ``fit``."""

    organisation = LineField(_("Institution"), most=200, render_kw={"autocomplete": "organization"})
    function = LineField(_("Function"), most=200, render_kw={"autocomplete": "organization-title"})
    remark = TextField(_("What you want to report on"), most=500)
    working_language = RadioField(
        _("Working language"),
        validators=[Needed(_("Choose a working language."))],
        description=_(
            "The working languages of the Secretariat are English and French. You get the documents in the one you choose."
        ),
        validate_choice=False,
    )
    needs_interpretation = BooleanField(_("I need simultaneous interpretation"))
    in_mayors_session = BooleanField(_("I take part in the mayors’ session"))
    speaks = BooleanField(_("I would like to speak in the mayors’ session"))
    speech_title = LineField(
        _("Title of the speech"), most=200, description=_("Only if you would like to speak. You can write it later.")
    )

    def fit(self, category: Category, languages: Mapping[str, str]) -> None:
        """Keep what concerns this category, and hand in the choices."""
        self.working_language.choices = list(languages.items())
        if languages.keys() != WORKING_LANGUAGES.keys():
            self.working_language.description = _("You get the documents in the one you choose.")
        if not self.working_language.raw_data and self.working_language.data not in languages:
            self.working_language.data = next(iter(languages))  # what was kept is of another kind of congress
        for name in not_asked(category, languages):
            del self[name]
        if category is Category.PRESS:
            for name in ("organisation", "remark"):
                self[name].flags.required = True
            self.organisation.label.text = str(_("Medium"))
            self.function.label.text = str(_("Function, and number of your press card"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = bool(super().validate(extra_validators))
        if "working_language" in self and self.working_language.data not in {*dict(self.working_language.choices), None, ""}:
            self.add_error("working_language", str(_("Choose one of the languages in the list.")))
            valid = False
        if "speaks" in self and self.speaks.data and not self.in_mayors_session.data:
            self.add_error("speaks", str(_("To speak in the mayors’ session, also tick that you take part in it.")))
            valid = False
        if "remark" in self and not (self.remark.data and self.organisation.data):
            if not self.organisation.data:
                self.add_error("organisation", str(_("Write which medium you work for.")))
            if not self.remark.data:
                self.add_error("remark", str(_("Write in a sentence or two what you want to report on.")))
            valid = False
        return valid
