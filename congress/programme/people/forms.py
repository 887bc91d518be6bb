"""The shapes of speakers, of what they write themselves, and of who does what in an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField

from congress.core.forms import BaseForm, FileField, LineField, MailField, Needed, NumberField, TextField
from congress.core.localised import Localised
from congress.core.localised_forms import LocalisedForm, spread
from congress.programme.people.models import Speaker
from congress.programme.vocabulary import PART_LABELS, Part

LONGEST_BIOGRAPHY = 3000
Choices = Sequence[tuple[str, str]]


class _Described(LocalisedForm):
    """Function and biography in each language."""

    function_en = LineField(
        _("Function in English"), most=200, description=_("As shown under the name: “Director, Museum of Photography”.")
    )
    function_pl = LineField(_("Function in Polish"), most=200)
    biography_en = TextField(_("Biography in English"), most=LONGEST_BIOGRAPHY)
    biography_pl = TextField(_("Biography in Polish"), most=LONGEST_BIOGRAPHY)

    @property
    def functions(self) -> Localised:
        return self.texts("function")

    @property
    def biographies(self) -> Localised:
        return self.texts("biography")


def described(speaker: Speaker) -> dict[str, str]:
    """What these fields show of a speaker."""
    return {**spread("function", speaker.functions), **spread("biography", speaker.biographies)}


class SpeakerForm(_Described):
    """What organisers know of a speaker."""

    on_page = ("name", "email", "language", "city")
    version = HiddenField()
    name = LineField(_("Name"), [Needed(_("Write the name as it should be printed."))], most=200)
    email = MailField(
        _("E-mail address"), description=_("The speaker’s own link is sent there. It is shown to nobody but organisers.")
    )
    language = SelectField(_("Language of the e-mails"))
    city = SelectField(_("City"), render_kw={"data-searchable": ""})

    def offer(self, languages: Mapping[str, str], cities: Choices) -> None:
        """The languages of the congress by code, cities by slug."""
        self.language.choices = list(languages.items())
        self.city.choices = [("", ""), *cities]


class PhotoForm(BaseForm):
    """A photo of a speaker."""

    photo = FileField(
        _("Photo"), description=_("JPEG or PNG, at most 10 MB. It is made smaller, and what a camera wrote into it is left out.")
    )


class OwnForm(_Described):
    """What a speaker tells and agrees to behind the own link."""

    photo = FileField(
        _("Photo"), description=_("JPEG or PNG, at most 10 MB. It is made smaller, and what a camera wrote into it is left out.")
    )
    may_be_named = BooleanField(
        _("My name, function and biography may appear in the programme: on the pages, in calendars and in print.")
    )
    may_show_photo = BooleanField(_("My photo may be shown beside my name."))


class ContributorForm(BaseForm):
    """Somebody more in an item."""

    speaker = SelectField(_("Speaker"), render_kw={"data-searchable": ""})
    part = SelectField(_("Part"))
    city = SelectField(
        _("City"),
        render_kw={"data-searchable": ""},
        description=_("For a mayor, if nobody knows yet who comes. Others bring their own city."),
    )
    minutes = NumberField(_("Minutes"), least=1, greatest=600, description=_("Empty where no order with times is kept."))

    def offer(self, speakers: Choices, cities: Choices) -> None:
        """Speakers by their ids, cities by slug."""
        self.speaker.choices = [("", ""), *speakers]
        self.city.choices = [("", ""), *cities]
        self.part.choices = [(part.value, str(PART_LABELS[part])) for part in Part]


class TurnForm(BaseForm):
    """The part and the minutes of one who is there."""

    part = SelectField(_("Part"))
    minutes = NumberField(_("Minutes"), least=1, greatest=600)

    def offer(self) -> None:
        self.part.choices = [(part.value, str(PART_LABELS[part])) for part in Part]


class LinkForm(BaseForm):
    """Which speaker somebody is of whom only the name is known."""

    version = HiddenField()
    speaker = SelectField(_("Speaker"), [Needed(_("Choose the speaker."))], render_kw={"data-searchable": ""})

    def offer(self, speakers: Choices) -> None:
        """Speakers by their ids."""
        self.speaker.choices = [("", ""), *speakers]


class MergeForm(BaseForm):
    """Who else this person was entered as."""

    double = SelectField(_("The same person is also"), [Needed(_("Choose the other entry."))], render_kw={"data-searchable": ""})

    def offer(self, speakers: Choices) -> None:
        self.double.choices = [("", ""), *speakers]
