"""How a mail leaves: through an SMTP server, or as a file where none is set."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

TIMEOUT = 30  # seconds for each answer of the mail server


def send_by_smtp(url: str, mail: EmailMessage) -> None:
    """Send through ``smtp://user:password@host:port`` (STARTTLS whenever the server offers it) or ``smtps://…``.

    A password is never sent over an unencrypted connection. Raises smtplib.SMTPException or OSError.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    with server:
        server.ehlo()
        encrypted = parts.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            encrypted = True
        if parts.username:
            if not encrypted:
                raise smtplib.SMTPNotSupportedError("the server offers no encryption, so the password was not sent")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)


def write_to_folder(folder: Path, name: str, mail: EmailMessage) -> Path:
    """Write the mail as ``<name>.eml``; the file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(mail.as_bytes())
    os.replace(unfinished, path)  # noqa: PTH105  (atomic on every system)
    return path
