"""Fields that several pages of the form have."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from congress.core.forms import OfAnyField


class ManyField(SelectMultipleField):
    """Boxes to tick, any number of them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        if set(self.data or ()) - set(dict(self.choices or ())):
            raise ValidationError(OfAnyField(gettext("Choose from the list.")))


OPTIONAL = _("Leave it empty if you do not know it yet.")
