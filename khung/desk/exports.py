"""A list of the desk as a file: the rows the page shows, of all its pages."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext

from khung.base.wording import number
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk.permissions import DeskRequest

# A file of more rows is no list to work with, and would hold a worker for minutes.
MOST_EXPORTED = 20_000
# So many records are read at a time, whatever the length of the list.
_AT_ONCE = 500
M = TypeVar("M", bound=Model)


def exported(
    request: DeskRequest,
    found: QuerySet[M] | Sequence[M],
    name: str,
    columns: Sequence[str],
    rows: Callable[[Sequence[M]], Iterable[Sequence[object]]],
) -> HttpResponse | None:
    """The list as the file that `?export=xlsx|csv` asks for; None where none is asked for.

    `found` is the whole list, narrowed and ordered as on the page; `rows` words a few hundred of
    its records at a time under `columns`. A list longer than MOST_EXPORTED makes no file: the
    answer leads back to the page, which says so.
    """
    chosen = export_format(request.GET)
    if not chosen:
        return None
    if _is_too_long(found):
        messages.error(
            request,
            gettext(
                "Danh sách dài hơn %(most)s dòng một tệp. Hãy lọc hẹp lại rồi tải; chưa có tệp nào "
                "được tạo."
            )
            % {"most": number(MOST_EXPORTED)},
        )
        kept = request.GET.copy()
        del kept["export"]
        return redirect(f"{request.path}?{kept.urlencode()}" if kept else request.path)
    told = _worded(found, rows)
    if chosen == "csv":
        told = ([_as_read(value) for value in row] for row in told)
    return table_file(chosen, name, columns, told)


def _is_too_long(found: QuerySet[M] | Sequence[M]) -> bool:
    """Counts no further than it has to."""
    if isinstance(found, QuerySet):
        return found.order_by().values("pk")[: MOST_EXPORTED + 1].count() > MOST_EXPORTED
    return len(found) > MOST_EXPORTED


def _worded(
    found: QuerySet[M] | Sequence[M], rows: Callable[[Sequence[M]], Iterable[Sequence[object]]]
) -> Iterator[Sequence[object]]:
    for portion in Paginator(found, _AT_ONCE):
        yield from rows(list(portion))


def _as_read(value: object) -> object:
    """A date in words: a spreadsheet keeps dates as dates, a csv has only words."""
    if isinstance(value, dt.datetime):
        return f"{localtime(value):%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value
