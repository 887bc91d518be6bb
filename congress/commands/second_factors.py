"""``congress reset-second-factor``: for an administrator who has lost telephone, passkeys and codes, whom nobody at the desk may help."""

from __future__ import annotations

import click

from congress.accounts import audit, queries
from congress.accounts.signing import factors
from congress.commands import working
from congress.core.clock import now
from congress.core.db import begin_writing, db, lock
from congress.web.signing import browsers, mails


@click.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take the second factors of the account EMAIL away, and sign it out everywhere. Its owner is told by e-mail."""
    with working.app():
        begin_writing()
        account = queries.find_account(email)
        if account is None:
            raise click.ClickException(f"There is no account with the address “{email}”.")
        if not factors.has_second(account):
            raise click.ClickException(f"{account.email} has no second factor.")
        account = lock(account)
        factors.reset(account)
        browsers.renew(account, keeps_this_browser=False)
        mails.tell(account, "reset-by-operator")
        audit.record(audit.What.FACTOR_CHANGED, now=now(), kind="accounts", object_id=account.id, label="reset")
        db.session.commit()
        click.echo(f"{account.email} signs in with the password alone now, or with a code by e-mail.")


COMMANDS = (reset_second_factor,)
