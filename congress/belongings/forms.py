"""Forms of those who ask for their page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from congress.core.forms import BaseForm, MailField, Needed


class AddressForm(BaseForm):
    """A mail address to which a link is to be sent."""

    email = MailField(
        _("E-mail address"), [Needed(_("Write the e-mail address that you use with us."))],
        description=_("The one to which our e-mails come."), render_kw={"type": "email", "autocomplete": "email"},
    )  # fmt: skip
