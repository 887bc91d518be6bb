"""congresses that are made at the desk are published when they are ready

Revision ID: 0008
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All that are there have been seen by everybody."""
    with op.batch_alter_table("congresses") as batch_op:
        batch_op.add_column(sa.Column("is_published", sa.Boolean(), nullable=True))
    op.execute(sa.update(sa.table("congresses", sa.column("is_published", sa.Boolean()))).values(is_published=True))
    with op.batch_alter_table("congresses") as batch_op:
        batch_op.alter_column("is_published", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("congresses") as batch_op:
        batch_op.drop_column("is_published")
