"""A database that takes no more of one kind of write, as when its disk is full, and goes on answering what is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from django.db import connection, models

from tests.support.live import does

_NAME = "refuses"
_FULL = f"""
CREATE OR REPLACE FUNCTION {_NAME}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$
"""


@asynccontextmanager
async def refusing(verb: Literal["INSERT", "UPDATE", "DELETE"], *kinds: type[models.Model]) -> AsyncIterator[None]:
    """Every such statement about these models' rows fails from here to the end, on each connection."""
    tables = [kind._meta.db_table for kind in kinds]
    await does(_change, [_trigger(verb, table) for table in tables])
    try:
        yield
    finally:
        await does(_change, [_without_trigger(verb, table) for table in tables])


def _trigger(verb: str, table: str) -> str:
    action = "BEGIN SELECT RAISE(ABORT, 'disk is full'); END" if _is_sqlite() else f"EXECUTE FUNCTION {_NAME}()"
    return f"CREATE TRIGGER {_NAME}_{verb}_{table} BEFORE {verb} ON {table} FOR EACH ROW {action}"


def _without_trigger(verb: str, table: str) -> str:
    return f"DROP TRIGGER {_NAME}_{verb}_{table}" + ("" if _is_sqlite() else f" ON {table}")


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _change(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements if _is_sqlite() else [_FULL, *statements]:
            cursor.execute(statement)
