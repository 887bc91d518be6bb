"""How a mail leaves: through an SMTP server, or as a file where none is set."""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from congress.outbox import answers

TIMEOUT = 20  # seconds for each answer of the mail server: all answers of one mail together stay below a message's lease


def send_by_smtp(url: str, mail: EmailMessage) -> None:
    """Send one mail as Post does."""
    with contextlib.closing(Post(url)) as post:
        post.send(mail)


def greet(url: str) -> None:
    """Connect, sign in and leave again. Raises smtplib.SMTPException or OSError."""
    server = _connected(url)
    try:
        server.noop()
        server.quit()
    finally:
        server.close()


class Post:
    """A mail server, ``smtp://user:password@host:port`` (STARTTLS whenever it offers it) or ``smtps://…``; one connection for several mails.

    ``bounces`` is the envelope's sender (RFC 5321, 4.4: what becomes the Return-Path), to which servers send what they cannot deliver;
    without it they send it to the mail's From. A password is never sent over an unencrypted connection.
    """

    def __init__(self, url: str, *, bounces: str = "") -> None:
        self._url, self._bounces = url, bounces
        self._server: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage) -> None:
        """Returns when the server has taken the mail over.

        Raises answers.Refused where it never will, smtplib.SMTPException or OSError where another attempt is worth while.
        """
        if not self._is_open():
            self._server = _connected(self._url)
        assert self._server is not None  # noqa: S101
        try:
            self._server.send_message(mail, from_addr=self._bounces or None)
        except BaseException as problem:
            self._drop()  # in what state the conversation is nobody knows
            if refused := answers.refusal(problem):
                raise refused from None  # what smtplib says holds the address
            raise

    def close(self) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._drop()

    def _is_open(self) -> bool:
        """Whether the server still listens: many hang up after some minutes, or after so many mails."""
        if self._server is None:
            return False
        try:
            is_open = self._server.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            is_open = False
        if not is_open:
            self._drop()
        return is_open

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _connected(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host = parts.hostname or ""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    try:
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
    except BaseException:
        server.close()
        raise
    return server


def write_to_folder(folder: Path, name: str, mail: EmailMessage) -> Path:
    """Write the mail as ``<name>.eml``; the file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(mail.as_bytes())
    os.replace(unfinished, path)  # noqa: PTH105  (atomic on every system)
    return path
