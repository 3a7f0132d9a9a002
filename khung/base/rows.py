"""Rows of any table as lines of JSON that both databases write and read alike.

Django's own serialisers would cut times to milliseconds and save row by row.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_iso_string

BATCH = 1000

Model = type[models.Model]


def tables() -> list[Model]:
    """Every table of the installed code, join tables too, as the migrations describe them.

    These models are copies: what is changed on them doesn't reach the running program.
    """
    state = MigrationLoader(connection).project_state()
    found = [
        model
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def columns(model: Model) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not field.generated]


def column_names(model: Model) -> list[str]:
    return [str(field.column) for field in columns(model)]


def lines(model: Model) -> Iterator[str]:
    """The table's rows in the order of their keys, one JSON list each, columns in model order."""
    names = [field.attname for field in columns(model)]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        yield json.dumps(
            row, default=_encode, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )


def _encode(value: object) -> str:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat() if value.tzinfo else value.isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            return duration_iso_string(value)
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case _:
            raise TypeError(f"{type(value).__name__}: không sao lưu được kiểu này")


def replace_all(contents: Iterable[tuple[Model, Iterable[str]]]) -> None:
    """Empty every table and fill those given; call it inside a transaction.

    Foreign keys are checked when that transaction commits, so the order of tables is free.
    """
    every = tables()
    with connection.cursor() as cursor:
        names = [model._meta.db_table for model in every]
        for statement in connection.ops.sql_flush(no_style(), names, reset_sequences=False):
            cursor.execute(statement)
        for model, rows in contents:
            _fill(model, rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), every):
            cursor.execute(statement)


def _fill(model: Model, rows: Iterable[str]) -> None:
    fields = columns(model)
    for field in fields:
        # Times come from the backup, not from now.
        for automatic in ("auto_now", "auto_now_add"):
            if hasattr(field, automatic):
                setattr(field, automatic, False)
    batch: list[models.Model] = []
    for line in rows:
        batch.append(_row(model, fields, json.loads(line)))
        if len(batch) == BATCH:
            model._base_manager.bulk_create(batch)
            batch = []
    model._base_manager.bulk_create(batch)


def _row(
    model: Model, fields: "Sequence[models.Field[Any, Any]]", values: Sequence[Any]
) -> models.Model:
    row = model()
    for field, value in zip(fields, values, strict=True):
        setattr(row, field.attname, _decode(field, value))
    return row


def _decode(field: "models.Field[Any, Any]", value: Any) -> Any:
    if isinstance(field, models.JSONField):
        # None in a column that is not null is the JSON value null.
        return models.Value(None, field) if value is None and not field.null else value
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    return field.to_python(value)
