"""What the forms of documents have in common, of organisers and of coordinators: how they are offered and read."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from congress.core import files
from congress.core.files import BadUpload, Checked
from congress.desk import choices
from congress.programme.documents import forms
from congress.programme.documents.models import Document
from congress.programme.models import ProgrammeItem
from congress.programme.vocabulary import Audience


def form_of(item: ProgrammeItem, document: Document | None) -> forms.DocumentForm:
    """For a new document of the item, or a new version of this one."""
    data = forms.shown(document) if document else {"audience": Audience.DELEGATES.value}
    form = forms.DocumentForm.within(choices.languages(g.congress))(CombinedMultiDict([request.form, request.files]), data=data)
    form.offer(choices.languages(g.congress), has_field=item.field is not None)
    return form


def file_in(form: forms.DocumentForm, *, is_needed: bool) -> Checked | None:
    """The file that was sent, if it may be kept; otherwise the reason stands on its field."""
    sent = form.file.data
    if not sent:
        if is_needed:
            form.add_error("file", _("Choose the file first."))
        return None
    try:
        return files.check(sent.filename, sent.stream, takes_office=True)
    except BadUpload as refusal:
        form.add_error("file", str(refusal))
        return None


def said_in(form: forms.DocumentForm) -> dict[str, Any]:
    """Title, readers and language, as services take them."""
    return {"titles": form.titles, "audience": Audience(form.audience.data), "language": form.language.data}
