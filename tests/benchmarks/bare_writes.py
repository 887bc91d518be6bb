"""What registrations are compared with: Flask, one plain INSERT of a row as long as a registration, and a commit.

The same server, the same database with the same settings of the connection, the same kind of transaction.
"""

from __future__ import annotations

import os
import uuid

import sqlalchemy as sa
from flask import Flask

from congress.core import db as database

URL = os.environ["CONGRESS_DATABASE_URL"]
TABLE = sa.table("plain_rows", sa.column("body"), sa.column("added_at"))

app = Flask("bare")
engine = sa.create_engine(URL, **database.engine_options(URL)).execution_options(congress_begin_immediate=True)


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.post("/insert")
def insert() -> str:
    with engine.begin() as connection:
        connection.execute(sa.insert(TABLE).values(body=f"{uuid.uuid4()} " * 12, added_at="2018-05-10 09:00:00"))
    return "kept"
