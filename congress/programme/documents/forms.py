"""The shape of a document."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from congress.core.forms import FileField, LineField, Needed
from congress.core.localised import Localised
from congress.core.localised_forms import LocalisedForm, spread
from congress.programme.documents.models import Document
from congress.programme.vocabulary import Audience

AUDIENCE_LABELS = {
    Audience.EVERYONE: _("Everybody: on the public page of the session"),
    Audience.DELEGATES: _("Those who take part, once they are confirmed: on their own page"),
    Audience.FIELD: _("Those of the session’s creative field, once they are confirmed: on their own page"),
}


class DocumentForm(LocalisedForm):
    """Title, readers, language and file. The file may be left out where there is one already."""

    title_en = LineField(_("Title in English"), [Needed(_("Write the title in English."))], most=200)
    title_pl = LineField(_("Title in Polish"), [Needed(_("Write the title in Polish."))], most=200)
    audience = SelectField(_("Who may read it"))
    language = SelectField(_("Language of the document"))
    file = FileField(
        _("File"),
        description=_("PDF, DOCX, PPTX, XLSX, ODT, ODP, TXT, PNG or JPEG, at most 10 MB. PDF is what everybody can open."),
    )

    def offer(self, languages: Mapping[str, str], *, has_field: bool) -> None:
        """The languages of the congress by code; readers of a field only where the session has one."""
        self.audience.choices = [
            (each.value, str(label)) for each, label in AUDIENCE_LABELS.items() if has_field or each is not Audience.FIELD
        ]
        self.language.choices = [("", _("several, or none")), *languages.items()]

    @property
    def titles(self) -> Localised:
        return self.texts("title")


def shown(document: Document) -> dict[str, str]:
    """What the form shows of a document."""
    return {
        **spread("title", document.titles),
        "audience": document.audience.value,
        "language": document.language,
    }
