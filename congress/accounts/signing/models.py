"""Tables of signing in: browsers that are, and passkeys, whose columns Flask-Security finds by their names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import WebAuthnMixin
from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.accounts.models import Account
from congress.core.db import Model
from congress.core.types import UtcDateTime


class SignIn(Model):
    """A browser that is signed in, until it ends. The browser holds the secret, this row its digest."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(80), default="")
    network: Mapped[str] = mapped_column(String(50), default="")  # the address without its last part
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)  # to some minutes

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class Passkey(Model, WebAuthnMixin):
    """A key of a device (https://www.w3.org/TR/webauthn-3/): the public half. Each is good as the only factor and as the second one."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    extensions: Mapped[str | None] = mapped_column(Text)
    backup_state: Mapped[bool] = mapped_column(default=False)
    device_type: Mapped[str] = mapped_column(String(64), default="")
    usage: Mapped[str] = mapped_column(String(64), default="first")
    name: Mapped[str] = mapped_column(String(80))
    lastuse_datetime: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, Any]:
        """By what Flask-Security finds the account."""
        return {"id": self.account_id}
