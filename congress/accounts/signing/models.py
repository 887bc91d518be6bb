"""Tables of signing in. Nothing here opens a door by itself: secrets are kept as digests, or encrypted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.accounts.models import Account
from congress.core.db import Model
from congress.core.types import UtcDateTime, choice


class Way(StrEnum):
    """How somebody has signed in."""

    PASSWORD = "password"  # noqa: S105
    PASSKEY = "passkey"
    CODE = "code"  # sent by mail
    LINK = "link"  # the invitation, or the link to a new password


class SignIn(Model):
    """A browser that is signed in, until it ends. The browser holds the secret, this row its digest."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    way: Mapped[Way] = mapped_column(choice(Way))
    browser: Mapped[str] = mapped_column(String(80), default="")
    network: Mapped[str] = mapped_column(String(50), default="")  # the address without its last part
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)  # to some minutes
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when a secret was last given

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class TicketKind(StrEnum):
    """What a mailed link or code is good for."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105
    ADDRESS = "address"
    CODE = "code"


class Ticket(Model):
    """A link or a code that was mailed, good once. Both are derived from ``uid`` with the installation's key.

    Without an account it was asked for an address that nobody has: it opens nothing, and nobody can tell it from others.
    """

    __tablename__ = "sign_in_tickets"
    __table_args__ = (CheckConstraint("ends_at >= made_at", name="made_before_it_ends"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[TicketKind] = mapped_column(choice(TicketKind))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254), default="")  # the new one, where it is to be changed
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)  # wrong ones

    account: Mapped[Account | None] = relationship()

    def is_live(self, now: datetime) -> bool:
        """Good still; half-open."""
        return self.used_at is None and now < self.ends_at


class RecoveryCode(Model):
    """One of the codes on paper, for the day when the telephone is gone."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Model):
    """A key of a device (https://www.w3.org/TR/webauthn-3/): the public half. ``credential`` is its name in base64url."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[list[str]] = mapped_column(JSON, default=list)
    name: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()


class Guesses(Model):
    """Wrong passwords or codes for one address, also for one that nobody has; ``key`` is a keyed digest of what was guessed for whom."""

    __tablename__ = "sign_in_guesses"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    wrong: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
