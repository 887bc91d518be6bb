"""Passkeys (WebAuthn level 3): what the browser is asked, and whether what it answers is right.

The user has to show a finger, a face or a PIN each time, so a passkey is two factors in one. Attestation is not asked for: which make a
key is, is no concern of ours.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import webauthn
from flask import session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from congress.accounts.models import Account
from congress.accounts.signing import factors
from congress.accounts.signing.models import Passkey
from congress.core.db import db, lock
from congress.web import links

_CHALLENGE = "passkey_challenge"
_LONGEST = 20_000  # characters of an answer
# What the library makes of an answer that no browser gives, some of it by accident.
_UNUSABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def _challenge() -> bytes:
    """The one of this browser, until it was answered."""
    if _CHALLENGE not in session:
        session[_CHALLENGE] = bytes_to_base64url(webauthn.helpers.generate_challenge())
    return base64url_to_bytes(session[_CHALLENGE])


def _host() -> str:
    return str(urlsplit(links.site_url()).hostname)


def are_possible() -> bool:
    """Browsers make passkeys for names only, not for addresses of numbers."""
    try:
        ip_address(_host())
    except ValueError:
        return True
    return False


def _origin() -> str:
    parts = urlsplit(links.site_url())
    return f"{parts.scheme}://{parts.netloc}"


def _handle(account: Account, key: str) -> bytes:
    """What a passkey knows its account by: it says nothing about the person."""
    return hmac.new(key.encode(), f"passkey-of\n{account.id}".encode(), hashlib.sha256).digest()


def to_sign_in(passkeys: list[Passkey] | None = None) -> str:
    """JSON that asks for a passkey: one of these, or any that the device holds for this site. Empty where none can be had."""
    if not are_possible():
        return ""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=_host(),
            challenge=_challenge(),
            allow_credentials=[_named(each) for each in passkeys or []],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def to_add(account: Account, passkeys: list[Passkey], *, key: str, site: str) -> str:
    """JSON that asks a device to make a passkey for this account, unless it holds one of these. Empty where none can be made."""
    if not are_possible():
        return ""
    return options_to_json(
        webauthn.generate_registration_options(
            rp_id=_host(),
            rp_name=site,
            user_name=account.email,
            user_display_name=account.name,
            user_id=_handle(account, key),
            challenge=_challenge(),
            exclude_credentials=[_named(each) for each in passkeys],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
    )


def _named(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    known = {each.value for each in AuthenticatorTransport}
    transports = [AuthenticatorTransport(each) for each in passkey.transports if each in known]
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential), transports=transports)


def answered(sent: str, *, now: datetime) -> Passkey | None:
    """The passkey that has signed the challenge of this browser; None where anything is wrong. The challenge is good once."""
    challenge = session.pop(_CHALLENGE, "")
    try:
        answer = parse_authentication_credential_json(sent[:_LONGEST])
        passkey = factors.find_passkey(bytes_to_base64url(answer.raw_id))
        if passkey is None or not challenge or not passkey.account.active:
            return None
        passkey = lock(passkey)
        done = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _UNUSABLE:
        return None
    passkey.sign_count, passkey.used_at = done.new_sign_count, now
    db.session.flush()
    return passkey


def added(account: Account, sent: str, name: str, *, now: datetime) -> Passkey | None:
    """The new passkey of this account; None where the device's answer is wrong, or the passkey is somebody's already."""
    challenge = session.pop(_CHALLENGE, "")
    try:
        done = webauthn.verify_registration_response(
            credential=sent[:_LONGEST],
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
        transports = webauthn.helpers.parse_registration_credential_json(sent).response.transports or []
    except _UNUSABLE:
        return None
    credential = bytes_to_base64url(done.credential_id)
    if not challenge or factors.find_passkey(credential) is not None:
        return None
    passkey = Passkey(
        account_id=account.id, credential=credential, public_key=done.credential_public_key, sign_count=done.sign_count,
        transports=[each.value for each in transports], name=name, made_at=now,
    )  # fmt: skip
    db.session.add(passkey)
    db.session.flush()
    return passkey
