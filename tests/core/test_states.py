"""A process does not die when the garbage collector runs while a session is closed (a fault of CPython 3.11)."""

from __future__ import annotations

import subprocess
import sys

import pytest

ROWS_IN_CIRCLES = """
import gc
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

class Base(DeclarativeBase):
    pass

class Node(Base):
    __tablename__ = "nodes"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"))
    parent: Mapped["Node"] = relationship(remote_side=[id], back_populates="children")
    children: Mapped[list["Node"]] = relationship(back_populates="parent")

engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
with engine.begin() as connection:
    connection.execute(Node.__table__.insert(), [{"id": each, "parent_id": 1 if each > 1 else None} for each in range(1, 40)])
gc.disable()
gc.freeze()
for moment in range(150):  # the collector runs a little later each time
    session = Session(engine)
    top = session.get(Node, 1)
    assert all(child.parent is top for child in top.children)
    del top
    gc.set_threshold(gc.get_count()[0] + moment)
    gc.enable()
    session.close()
    gc.disable()
    gc.collect()
print("alive")
"""


def run(program: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="later versions of Python collect between two steps of the interpreter")
def test_without_what_we_do_python_3_11_dies():
    assert run(ROWS_IN_CIRCLES)[0] < 0


def test_a_session_of_many_rows_is_closed_while_garbage_is_collected():
    assert run(f"import congress.core.db\n{ROWS_IN_CIRCLES}") == (0, "alive")
