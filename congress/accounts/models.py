"""Tables of accounts. Sign-in itself is Flask-Security's, which finds its columns by their names."""

from __future__ import annotations

from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from congress.accounts.rules import Held, RoleKind
from congress.core.db import Model
from congress.core.types import UtcDateTime, choice


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

    roles_held: Mapped[list[Role]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def held(self) -> list[Held]:
        """The roles as plain values for ``rules``."""
        return [Held(role.kind, role.congress_id, role.field, role.city) for role in self.roles_held]


class Role(Model, RoleMixin):
    """A role of an account over the site, in one congress, or over one field of a congress.

    ``city`` is the slug of the host city to whose venues an organiser is limited; empty for all.
    """

    __tablename__ = "roles"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "congress_id", "field", "city"),
        CheckConstraint("(kind = 'field_coordinator') = (field <> '')", name="field_fits_kind"),
        CheckConstraint("city = '' OR kind = 'organiser'", name="city_fits_kind"),
        CheckConstraint("(kind = 'site_administrator') = (congress_id IS NULL)", name="scope_fits_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[RoleKind] = mapped_column(choice(RoleKind))
    congress_id: Mapped[int | None] = mapped_column(ForeignKey("congresses.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(32), default="")  # of a coordinator; networks are no concern of this package
    city: Mapped[str] = mapped_column(String(80), default="")
