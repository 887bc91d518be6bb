"""what organisers tell the press: their press offices, and what holds for pictures

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NEW = ("press_offices", "photo_terms")


def upgrade() -> None:
    """Nobody has written anything yet."""
    with op.batch_alter_table("congresses") as batch_op:
        for name in _NEW:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=True))
    table = sa.table("congresses", *(sa.column(name, sa.JSON()) for name in _NEW))
    op.execute(sa.update(table).values({name: {} for name in _NEW}))
    with op.batch_alter_table("congresses") as batch_op:
        for name in _NEW:
            batch_op.alter_column(name, existing_type=sa.JSON(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("congresses") as batch_op:
        for name in _NEW:
            batch_op.drop_column(name)
