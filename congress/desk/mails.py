"""``/desk/<congress>/mails/``: the outbox. Which mails left, wait or were given up; one of them once more, or not at all."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user

from congress.accounts import rules
from congress.core.clock import now
from congress.core.db import begin_writing, db
from congress.core.errors import CongressError
from congress.core.types import LARGEST_ID
from congress.outbox import queries, services
from congress.outbox.forms import AddressForm
from congress.outbox.models import Message, MessageState
from congress.outbox.queries import Wanted
from congress.registration.services import Actor
from congress.registration.vocabulary import By
from congress.web import mail, mail_addresses, mail_texts
from congress.web.forms import submitted
from congress.web.mail_contents import CONTENTS

bp = Blueprint("mails", __name__, url_prefix="/<congress>/mails")

STATE_LABELS = {
    MessageState.QUEUED: lazy_gettext("waiting to leave"),
    MessageState.SENT: lazy_gettext("sent"),
    MessageState.FAILED: lazy_gettext("given up"),
    MessageState.REFUSED: lazy_gettext("refused"),
    MessageState.DROPPED: lazy_gettext("not sent"),
}
# What went wrong, by the beginning of what the program noted.
_PROBLEMS = {
    "SMTPRecipientsRefused": lazy_gettext("The mail server refused the recipient’s address."),
    "SMTPSenderRefused": lazy_gettext("The mail server refused our sender’s address."),
    "SMTPDataError": lazy_gettext("The mail server refused the e-mail."),
    "SMTPAuthenticationError": lazy_gettext("The mail server refused our user name or password."),
    "SMTPNotSupportedError": lazy_gettext("The mail server cannot do what this e-mail needs, such as encryption."),
    "SMTPServerDisconnected": lazy_gettext("The mail server hung up."),
    "SMTP": lazy_gettext("The mail server answered with an error."),
    "SSL": lazy_gettext("The mail server could not prove who it is."),
    "TimeoutError": lazy_gettext("The mail server did not answer in time."),
    "ConnectionRefusedError": lazy_gettext("The mail server could not be reached."),
    "gaierror": lazy_gettext("The mail server could not be found by its name."),
    "OSError": lazy_gettext("The mail server could not be reached."),
    "the registration has ended": lazy_gettext("The registration has ended."),
    "nothing is left to tell": lazy_gettext("There was nothing left to tell."),
    "the registration has been sent": lazy_gettext("The registration has been sent in the meantime."),
    "the person has got a place": lazy_gettext("The person no longer waits."),
    "the offer has ended": lazy_gettext("The offer has ended or was taken."),
    "the link was revoked": lazy_gettext("The link was revoked."),
    "the city has": lazy_gettext("The city has answered."),
    "somebody else is": lazy_gettext("Somebody else is the city’s contact now."),
}


def may_write() -> bool:
    """Whether the reader may send and change mails."""
    return rules.may_edit_registrations(current_user.held, g.congress.id)


def template_label(template: str) -> str:
    """The name of a mail for organisers."""
    known = CONTENTS.get(template)
    return str(known.label) if known else template


def problem_in_words(noted: str) -> str:
    """What the program noted of a mail that did not leave, as a sentence; what nobody foresaw as it was noted."""
    what, _colon, answer = noted.partition(": ")
    if noted.startswith("cancelled by "):
        return str(_("Cancelled by %(who)s.", who=noted.removeprefix("cancelled by ")))
    if what == "refused address":
        return str(_("Address refused: %(answer)s", answer=answer))
    if what == "refused mail":
        return str(_("E-mail refused: %(answer)s", answer=answer))
    return next((str(sentence) for start, sentence in _PROBLEMS.items() if noted.startswith(start)), noted)


@bp.get("/")
def index() -> ResponseReturnValue:
    wanted, number = _wanted(), request.args.get("page", 1, type=int)
    page = queries.page(g.congress.id, wanted, min(max(number, 1), 10**6))
    counts = queries.counts(g.congress.id)
    return render_template(
        "desk/mails/index.html",
        page=page,
        wanted=wanted,
        chips=_chips(wanted, counts),
        templates={each: template_label(each) for each in queries.templates(g.congress.id)},
        labels=STATE_LABELS,
        problem_in_words=problem_in_words,
        args=_args(wanted),
        may_write=may_write(),
    )


def _wanted() -> Wanted:
    typed = request.args.get("state", "")
    return Wanted(
        state=MessageState(typed) if typed in set(MessageState) else None,
        template=_plain("template", 60),
        recipient=_plain("q", 254),
        about=_plain("about", 40),
    )


def _plain(name: str, most: int) -> str:
    """PostgreSQL refuses to compare with some control characters."""
    return "".join(sign for sign in request.args.get(name, "") if sign.isprintable())[:most].strip()


def _args(wanted: Wanted) -> dict[str, str]:
    said = {"state": wanted.state, "template": wanted.template, "q": wanted.recipient, "about": wanted.about}
    return {name: str(value) for name, value in said.items() if value}


def _chips(wanted: Wanted, counts: dict[MessageState, int]) -> list[dict[str, Any]]:
    others = {name: value for name, value in _args(wanted).items() if name != "state"}
    every = {"label": _("All"), "url": url_for(".index", **others), "count": sum(counts.values()), "is_current": not wanted.state}  # type: ignore[arg-type]
    return [
        every,
        *(
            {
                "label": str(label),
                "url": url_for(".index", state=state.value, **others),  # type: ignore[arg-type]
                "count": counts.get(state, 0),
                "is_current": wanted.state is state,
            }
            for state, label in STATE_LABELS.items()
        ),
    ]


@bp.get(f"/<int(max={LARGEST_ID}):message_id>/")
def show(message_id: int) -> ResponseReturnValue:
    """What the mail says, as it would be written now: its text is made when it leaves, and nowhere kept."""
    return _page(message_id, AddressForm(address=_message(message_id).recipient))


def _page(message_id: int, form: AddressForm) -> ResponseReturnValue:
    text, reason = _text(_message(message_id))
    db.session.rollback()  # what looking at it would have issued
    message = _message(message_id)
    return render_template(
        "desk/mails/show.html",
        message=message,
        form=form if mail_addresses.may_correct(message) else None,
        text=text,
        reason=problem_in_words(reason),
        label=template_label(message.template),
        labels=STATE_LABELS,
        problem_in_words=problem_in_words,
        form_key=str(uuid.uuid4()),
        may_write=may_write(),
    ), (422 if form.errors else 200)


def _text(message: Message) -> tuple[str, str]:
    """Subject and text without secrets; or, where nobody would get it now, why."""
    begin_writing()
    try:
        made = mail.compose(message)
    except (services.NotWanted, services.TooEarly) as reason:
        return "", str(reason) or "TooEarly"
    body = made.get_body(("plain",))
    return mail_texts.masked(f"{made['Subject']}\n\n{body.get_content() if body else ''}"), ""


@bp.post(f"/<int(max={LARGEST_ID}):message_id>/again")
def again(message_id: int) -> ResponseReturnValue:
    form = request.form.get("form", "")
    if len(form) != 36 or not form.isascii() or not form.isprintable():
        abort(400)
    message = services.send_again(_message(message_id), form=form, now=now())
    db.session.commit()
    flash(_("The e-mail to %(address)s is on its way.", address=message.recipient), "success")
    return redirect(url_for(".show", message_id=message.id), 303)


@bp.post(f"/<int(max={LARGEST_ID}):message_id>/address")
def address(message_id: int) -> ResponseReturnValue:
    """The right address instead of the refused one, for this mail and for those after it."""
    message, form = _message(message_id), AddressForm(request.form)
    if not mail_addresses.may_correct(message):
        flash(_("This e-mail is not refused any more, so it keeps its address."), "warning")
        return redirect(url_for(".show", message_id=message_id), 303)
    if submitted(form):
        try:
            mail_addresses.correct(message, form.address.data or "", actor=Actor(By.ORGANISER, current_user.email), now=now())
        except CongressError as refusal:
            db.session.rollback()
            form.add_error("address", str(refusal))
        else:
            db.session.commit()
            flash(
                _("The address is put right, and the e-mail is on its way to %(address)s.", address=form.address.data), "success"
            )
            return redirect(url_for(".show", message_id=message_id), 303)
    return _page(message_id, form)


@bp.post(f"/<int(max={LARGEST_ID}):message_id>/cancel")
def cancel(message_id: int) -> ResponseReturnValue:
    message = _message(message_id)
    if services.cancel(message, why=f"cancelled by {current_user.email}"):
        flash(_("The e-mail does not leave."), "success")
    else:
        flash(_("This e-mail does not wait any more, so it cannot be cancelled."), "warning")
    db.session.commit()
    return redirect(url_for(".show", message_id=message_id), 303)


def _message(message_id: int) -> Message:
    message = queries.find_message(g.congress.id, message_id)
    if message is None:
        abort(404)
    return message
