"""Writing very many new rows, several times faster than the ORM's `bulk_create`.

For rows the program itself makes, thousands at once. No model is built and no default is filled
in, so every column without a database default must be given.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connection
from django.db.models import Model

Value = bool | int | str | dt.date | dt.datetime | None
_CHUNK = 2_000


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Writes rows (values in the order of `columns`, names as in the database); returns how many.

    Call it inside a transaction. Memory does not grow with the number of rows.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(column) for column in columns)
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({names}) FROM STDIN", rows)
    places = ", ".join(["%s"] * len(columns))
    return _execute(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608


def _copy(statement: str, rows: Iterable[Sequence[Value]]) -> int:
    written = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            written += 1
    return written


def _execute(statement: str, rows: Iterable[Sequence[Value]]) -> int:
    written, waiting = 0, iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(waiting, _CHUNK)):
            cursor.executemany(statement, chunk)
            written += len(chunk)
    return written
