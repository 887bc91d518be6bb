"""The mails of signing in: Flask-Security's go through our outbox, in our words, which belong to no congress.

What opens a door waits there sealed, so that neither the database nor a backup of it signs anybody in.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from flask_security import MailUtil
from flask_security.utils import check_and_get_token_status

from congress.accounts import audit
from congress.accounts.models import Account
from congress.accounts.signing import rules, whose
from congress.congresses.models import Congress
from congress.core import sealed
from congress.core.clock import now
from congress.core.db import db
from congress.core.forms import valid_address
from congress.core.languages import LANGUAGES
from congress.outbox.models import Message
from congress.outbox.services import Letter, NotWanted, enqueue
from congress.web import links
from congress.web.language import chosen_language
from congress.web.mail_parts import Content, Mail
from congress.web.signing import inviting

_CHANGES = {
    "password": _("The password of your account was changed, and you were signed out everywhere else."),
    "address": _("The address of your account was changed. You can no longer sign in with this one."),
    "app": _("An authenticator app was set up for your account."),
    "app-removed": _("The authenticator app was removed from your account."),
    "passkey": _("A passkey was added to your account."),
    "passkey-removed": _("A passkey was removed from your account."),
    "codes": _("New recovery codes were made for your account. The old ones open nothing any more."),
    "reset": _("An organiser has taken the second factors of your account away, as somebody who has lost them needs it."),
    "reset-by-operator": _(
        "Whoever runs the site has taken the second factors of your account away, as somebody who has lost them needs it."
    ),
    "roles": _(
        "What you may do at a congress was changed, and you were signed out. Sign in again, and you see what is yours now."
    ),
}
# By Flask-Security's templates: our mail, and what of its values opens a door.
_SECRETS = {
    "security/email/reset_instructions": ("account_password", "reset_token"),
    "security/email/change_email_instructions": ("account_address", "token"),
    "security/email/us_instructions": ("account_code", "login_token"),
}
_NOTICES = {"security/email/reset_notice": "password", "security/email/change_notice": "password"}
_PAGES = {"account_password": "security.reset_password", "account_address": "security.change_email_confirm"}
_FIXED = _("It is about the account, which belongs to no congress.")


class Outbox(MailUtil):
    """Queues what Flask-Security would send."""

    def send_mail(self, template: str, subject: str, recipient: Any, *_rendered: Any, **values: Any) -> None:
        user = values["user"]
        if template in _NOTICES:
            return tell(user, _NOTICES[template])
        mail, secret = _SECRETS[template]
        hidden = sealed.seal(str(values[secret]).encode()).decode()
        _queue(mail, str(recipient), {"account": user.id, "sealed": hidden}, about=f"account:{user.id}")
        return None

    def normalize(self, email: str) -> str:
        """The address in its normal form, as everywhere here. Raises ValueError."""
        address = valid_address(email)
        if address is None:
            raise ValueError("no mail address")
        return address

    validate = normalize


def to_nobody(mail: str) -> None:
    """For an address that nobody has: the same work, and a mail that never leaves. What was typed is kept nowhere."""
    hidden = sealed.seal(secrets.token_urlsafe(90).encode()).decode()
    _queue(mail, "", {"account": 0, "sealed": hidden})


def _queue(mail: str, to: str, facts: dict[str, Any], *, about: str = "") -> None:
    key = f"account-{secrets.token_hex(12)}"
    enqueue(Letter(key=key, to=to, template=mail, language=chosen_language(), facts=facts, about=about), now=now())


def invite(account: Account, congress: Congress | None, *, by: str) -> None:
    """Queue an invitation; an earlier one ends."""
    account.invited_at = now()
    db.session.flush()
    audit.record(audit.What.INVITED, now=now(), kind="accounts", object_id=account.id, label=account.email)
    facts = {"account": account.id, "by": by, "invited_at": inviting.stamp(account)}
    enqueue(
        Letter(
            key=f"account-{secrets.token_hex(12)}", to=account.email, template="account_invited", language=_language(account),
            congress=congress.id if congress else None, facts=facts, about=f"account:{account.id}",
        ),
        now=now(),
    )  # fmt: skip


def tell(account: Account, what: str, *, to: str = "") -> None:
    """Queue a mail that says what was changed about signing in, to the address that the account had until then."""
    enqueue(
        Letter(
            key=f"account-told-{secrets.token_hex(12)}", to=to or account.email, template="account_changed",
            language=_language(account), facts={"account": account.id, "what": what}, about=f"account:{account.id}",
        ),
        now=now(),
    )  # fmt: skip


def _language(account: Account) -> str:
    return account.language if account.language in LANGUAGES else "en"


def _brought(message: Message) -> Content:
    account = whose.find_live(message.facts["account"])
    ends = timedelta(0) if account is None else rules.CODE_FOR if message.template == "account_code" else rules.LINK_FOR
    if account is None or now() >= message.queued_at + ends:
        raise NotWanted("the link or code is good no more")
    secret = sealed.unseal(message.facts["sealed"].encode()).decode()
    if message.template == "account_code":
        security = current_app.extensions["security"]
        key = security.datastore.us_get_totp_secrets(account).get("email")
        if key is None or security.totp_factory.generate_totp_password(key) != secret:
            raise NotWanted("a newer code was asked for, or this one was used")
        return Content({**_frame(message), "code": secret})
    name = "reset" if message.template == "account_password" else "change_email"
    expired, invalid, data = check_and_get_token_status(secret, name, rules.LINK_FOR)
    if expired or invalid or data[0] != account.fs_uniquifier:
        raise NotWanted("the link was used, or a newer one was asked for")
    return Content({**_frame(message), "link": links.absolute(_PAGES[message.template], token=secret)})


def _invited(message: Message) -> Content:
    account = whose.find_live(message.facts["account"])
    if account is None or not inviting.is_open(account) or inviting.stamp(account) != message.facts["invited_at"]:
        raise NotWanted("the invitation was used, taken back, or is over")
    link = links.absolute("invitations.show", token=inviting.token(account, current_app.config["SECRET_KEY"]))
    return Content({**_frame(message), "by": message.facts["by"], "link": link})


def _told(message: Message) -> Content:
    if whose.find_live(message.facts["account"]) is None:
        raise NotWanted("there is no such account any more")
    what = message.facts["what"]
    link = links.absolute("security.login" if what == "roles" else "security.forgot_password")
    return Content({**_frame(message), "what": str(_CHANGES[what]), "is_about_rights": what == "roles", "link": link})


def _frame(message: Message) -> dict[str, Any]:
    """What every one of these mails has: the congress that it came from, if it came from one, and where the site is."""
    congress: Congress | None = db.session.get(Congress, message.congress_id) if message.congress_id else None
    return {"congress": congress, "site": links.site_url()}


CONTENTS = {
    "account_invited": Mail(_invited, _("Invitation to work here"), fixed=_FIXED),
    "account_password": Mail(_brought, _("Link to a new password"), fixed=_FIXED),
    "account_address": Mail(_brought, _("Confirmation of a new address"), fixed=_FIXED),
    "account_code": Mail(_brought, _("Code for signing in"), fixed=_FIXED),
    "account_changed": Mail(_told, _("What was changed about signing in"), fixed=_FIXED),
}
