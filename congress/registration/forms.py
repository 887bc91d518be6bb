"""The shape of a registration."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField

from congress.core.forms import BaseForm, LineField, MailField, Needed
from congress.core.text import first_upper
from congress.delegates.vocabulary import CATEGORY_LABELS, OF_A_CITY, Category
from congress.registration.vocabulary import CONSENT_LABELS, ConsentKind


class RegistrationForm(BaseForm):
    """One person registers. The cities of ``city`` and the languages are handed in."""

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
    given_name = LineField(
        _("Given name"), [Needed(_("Write your given name."))], most=100,
        description=_("As it should appear on the badge."), render_kw={"autocomplete": "given-name"},
    )  # fmt: skip
    family_name = LineField(
        _("Family name"), [Needed(_("Write your family name."))], most=100, render_kw={"autocomplete": "family-name"}
    )
    organisation = LineField(_("Institution"), most=200, render_kw={"autocomplete": "organization"})
    function = LineField(_("Function"), most=200, render_kw={"autocomplete": "organization-title"})
    email = MailField(
        _("E-mail address"), [Needed(_("Write your e-mail address."))],
        description=_("Your personal link goes to this address."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )  # fmt: skip
    language = SelectField(
        _("Language of our e-mails and of your calendar"), [Needed(_("Choose a language."))], validate_choice=False
    )
    consent_privacy = BooleanField(
        CONSENT_LABELS[ConsentKind.PRIVACY], [Needed(_("Without this consent we cannot take your registration."))]
    )
    consent_participant_list = BooleanField(CONSENT_LABELS[ConsentKind.PARTICIPANT_LIST])
    consent_photos = BooleanField(CONSENT_LABELS[ConsentKind.PHOTOS])
    consent_newsletter = BooleanField(CONSENT_LABELS[ConsentKind.NEWSLETTER])

    def offer(self, cities: Any, languages: dict[str, str]) -> None:
        """Hand in the choices: cities as WTForms takes them (with an empty first one), languages by code."""
        self.category.choices = [("", ""), *((each.value, first_upper(str(CATEGORY_LABELS[each]))) for each in Category)]
        self.city.choices = cities
        self.language.choices = list(languages.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the shape is right; errors are on the fields."""
        valid = super().validate(extra_validators)
        if self.category.data and self.category.data not in set(Category):
            self.add_error("category", str(_("Choose one of the roles in the list.")))
            valid = False
        elif self.category.data in OF_A_CITY and not self.city.data:
            self.add_error("city", str(_("Choose your city.")))
            valid = False
        if self.language.data and self.language.data not in dict(self.language.choices or ()):
            self.add_error("language", str(_("Choose one of the languages in the list.")))
            valid = False
        return bool(valid)

    @property
    def submission_key(self) -> str:
        """The same for one form sent twice; a form without a usable one counts as sent once."""
        sent = self.submission.data or ""
        return sent if re.fullmatch(r"[0-9a-f-]{36}", sent) else str(uuid.uuid4())

    @property
    def consents(self) -> list[ConsentKind]:
        """What was agreed to."""
        return [kind for kind in ConsentKind if (name := f"consent_{kind.value}") in self and self[name].data]
