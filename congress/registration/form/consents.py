"""Writes of consents: each is given, dated with the version of its words, and withdrawn on its own. Rows are never edited back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import gettext as _

from congress.core.db import db
from congress.registration.form.consent_texts import VERSIONS, version_for
from congress.registration.models import Consent, Registration
from congress.registration.refusals import CannotMove
from congress.registration.vocabulary import ConsentKind


def given(registration: Registration) -> dict[ConsentKind, Consent]:
    """What holds now, by kind."""
    return {each.kind: each for each in registration.consents if each.withdrawn_at is None}


def give(registration: Registration, kind: ConsentKind, *, now: datetime) -> None:
    """Agree to today's words; to agree to the same words again changes nothing, to newer ones is a row of its own."""
    before, version = given(registration).get(kind), version_for(registration.congress)
    if before is not None and VERSIONS.get(before.version, {}).get(kind) == VERSIONS[version][kind]:
        return
    if before is not None:
        before.withdrawn_at = now
    times = [each.given_at for each in registration.consents if each.kind is kind]
    at = max([now, *(each + timedelta(seconds=1) for each in times)])  # given and withdrawn within one second
    registration.consents.append(Consent(kind=kind, version=version, given_at=at))
    db.session.flush()


def withdraw(registration: Registration, kind: ConsentKind, *, now: datetime) -> None:
    """Withdraw what was agreed to. Raises CannotMove for the one without which there is no registration."""
    if kind is ConsentKind.PRIVACY:
        raise CannotMove(_("Without this consent we cannot keep your registration. To end it, withdraw your registration below."))
    before = given(registration).get(kind)
    if before is not None:
        before.withdrawn_at = max(now, before.given_at)
        db.session.flush()


def agree(registration: Registration, kinds: Collection[ConsentKind], *, now: datetime) -> None:
    """Let exactly these hold from now on."""
    for kind in ConsentKind:
        if kind in kinds:
            give(registration, kind, now=now)
        elif kind is not ConsentKind.PRIVACY:
            withdraw(registration, kind, now=now)
