"""Tables of accounts and roles. Signing in is Flask-Security's, which finds what it needs of an account by the names of the columns."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin
from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, column, select, table, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from congress.accounts.rules import Held, RoleKind
from congress.core.clock import now
from congress.core.db import Model
from congress.core.sealed import Sealed
from congress.core.types import UtcDateTime, choice

if TYPE_CHECKING:
    from congress.accounts.signing.models import Passkey

# Of the congresses only their networks are asked for: to know more of them is no concern of this package.
_congresses = table("congresses", column("id"), column("network_id"))


class Account(Model, UserMixin):
    """A person who works here and signs in."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(5), default="en")
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the link of an invitation of then is good still

    # Of an authenticator app: “authenticator”, its key, and the step of the last code that was used.
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(Sealed)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(Sealed))
    # Of the code that was mailed last: what it is made of, since when it is good, how often another one was typed.
    us_totp_secrets: Mapped[str | None] = mapped_column(Sealed)
    code_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_tries: Mapped[int] = mapped_column(default=0)
    # Of the links that were mailed last, to a new password and to a new address: only these are good.
    password_link_digest: Mapped[str | None] = mapped_column(String(64))
    address_link_digest: Mapped[str | None] = mapped_column(String(64))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(64), unique=True
    )  # by which passkeys know their account

    roles_held: Mapped[list[Role]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        back_populates="account", cascade="all, delete-orphan", order_by="Passkey.id"
    )

    @property
    def held(self) -> list[Held]:
        """The roles of today as plain values for ``rules``; one in a network is one in each of its congresses."""
        today, found = now().date(), []
        for role in self.roles_held:
            if role.is_held_on(today):
                found += [Held(role.kind, congress_id, role.field, role.city) for congress_id in role.congress_ids]
        return found

    @property
    def held_in_networks(self) -> list[tuple[RoleKind, int | None]]:
        """The roles of today with the networks in which they are held."""
        today = now().date()
        return [(role.kind, role.network_id) for role in self.roles_held if role.is_held_on(today)]


class Role(Model, RoleMixin):
    """A role of an account over the site, in all congresses of a network, in one congress, or over one field of a congress.

    It is held from ``starts_on`` (None: ever since) until ``ends_on``, the first day on which it is not; days are those of UTC.
    ``city`` is the slug of the host city to whose venues an organiser is limited; empty for all.
    """

    __tablename__ = "roles"
    __table_args__ = (
        # Who has ended may be given the same again; the rows together are the history.
        Index("uq_roles_held", "account_id", "kind", "congress_id", "field", "city", unique=True,
              sqlite_where=text("ends_on IS NULL"), postgresql_where=text("ends_on IS NULL")),
        CheckConstraint("(kind = 'field_coordinator') = (field <> '')", name="field_fits_kind"),
        CheckConstraint("city = '' OR kind = 'organiser'", name="city_fits_kind"),
        CheckConstraint(
            "(congress_id IS NULL) = (kind IN ('site_administrator', 'network_secretariat'))"
            " AND (network_id IS NOT NULL) = (kind = 'network_secretariat')",
            name="scope_fits_kind",
        ),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[RoleKind] = mapped_column(choice(RoleKind))
    congress_id: Mapped[int | None] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"), index=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("networks.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(32), default="")  # of a coordinator; networks are no concern of this package
    city: Mapped[str] = mapped_column(String(80), default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    given_by: Mapped[str] = mapped_column(String(254), default="")
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(String(254), default="")
    reviewed_by: Mapped[str] = mapped_column(String(254), default="")
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def is_held_on(self, day: date) -> bool:
        """Whether it allows anything on that day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day < self.ends_on)

    def is_over_on(self, day: date) -> bool:
        """Whether it will not be held any more; also of one that was ended before it began."""
        return self.ends_on is not None and self.ends_on <= max(day, self.starts_on or day)

    @property
    def congress_ids(self) -> list[int | None]:
        """The congresses in which it holds; [None] for one over the whole site."""
        if self.network_id is None:
            return [self.congress_id]
        chosen = select(_congresses.c.id).where(_congresses.c.network_id == self.network_id)
        open_session = object_session(self)
        return [] if open_session is None else [int(each) for each in open_session.execute(chosen).scalars()]
