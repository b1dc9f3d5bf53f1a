"""Questions with long lists: `pk__among=[…]`, what `in` asks, and `AmongPairs`, for two columns together.

Django's `in` prepares, quotes and hands over every value by itself; once a second, for everybody who is connected, that
takes longer than the database does. Here a list is one parameter.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Field, Func, Lookup
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, list[Any]]
_IN_ARRAY = "IN (SELECT value FROM json_each(%s))"
_IN_ARRAYS = "IN (SELECT * FROM unnest(%s::uuid[], %s::bigint[]))"
_IN_PAIRS = "IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s))"


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):
    """`rhs`: a collection of strings, integers or UUIDs, of one kind."""

    lookup_name = "among"
    prepare_rhs = False
    rhs: Collection[object]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} {_IN_ARRAY}", [*parameters, _json(self.rhs)]


class AmongPairs(Func):
    """Whether a UUID and an integer column hold one of `pairs`. Two lists would be tried with each other."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, columns: tuple[str, str], pairs: Sequence[tuple[UUID, int]]) -> None:
        super().__init__(*columns)
        self.pairs = pairs

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Sql:
        columns, parameters = self._columns(compiler)
        both = [[pair[0] for pair in self.pairs], [pair[1] for pair in self.pairs]]
        return f"{columns} {_IN_ARRAYS}", [*parameters, *both]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Any:
        columns, parameters = self._columns(compiler)
        return f"{columns} {_IN_PAIRS}", [*parameters, _json(self.pairs)]

    def _columns(self, compiler: SQLCompiler) -> Sql:
        (left, first), (right, second) = map(compiler.compile, self.get_source_expressions())
        return f"({left}, {right})", [*first, *second]


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values), default=lambda value: value.hex)
