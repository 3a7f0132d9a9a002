"""Who must act, as sentences that lead to where to act."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from khung.assignments.board import Board, BoardRow
from khung.base.wording import number
from khung.desk.board_charts import Column
from khung.desk.board_links import asking, list_address
from khung.orgs.models import PEOPLE_COMMITTEE

VILLAGE = "village"
MOST = 6
# How many of the units furthest behind are named.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing somebody must do, and the page that shows it."""

    text: str
    href: str
    is_late: bool


def is_silent(row: BoardRow, area: str) -> bool:
    """Whether a unit owes work of an area and has sent no result at all."""
    tally = row.areas.get(area)
    return tally is not None and tally.reported == 0 and tally.counted > 0


def silent_rows(board: Board, area: str, level: str) -> list[BoardRow]:
    """The territories of a level, below the board's unit, that are silent on an area."""
    return [
        row
        for row in board.rows
        if row.unit.level == level
        and row.unit.kind == PEOPLE_COMMITTEE
        and row.unit.pk != board.unit.pk
        and is_silent(row, area)
    ]


def finding_of_silence(count: int, level: str, column: Column) -> str:
    """ "12 xã chưa báo cáo nội dung 2"."""
    patterns = {
        "district": gettext("%(n)s huyện, thành phố chưa báo cáo nội dung %(area)s"),
        "commune": gettext("%(n)s xã chưa báo cáo nội dung %(area)s"),
    }
    pattern = patterns.get(level, gettext("%(n)s đơn vị chưa báo cáo nội dung %(area)s"))
    return pattern % {"n": number(count), "area": column.code}


def sentences(board: Board, columns: Sequence[Column]) -> list[Sentence]:
    """The few things most worth doing first, overdue work before silence before judging."""
    found = [*_furthest_behind(board), *_silences(board, columns), *_judging(board, columns)]
    return found[:MOST]


def _furthest_behind(board: Board) -> Iterator[Sentence]:
    # A village's work is part of its commune's: villages are not ranked.
    late = [row for row in board.rows if row.total.overdue and row.unit.level != VILLAGE]
    late.sort(key=lambda row: (-row.total.overdue, row.unit.sort_key))
    for row in late[:NAMED]:
        text = gettext("%(unit)s còn %(n)s nhiệm vụ quá hạn") % {
            "unit": row.unit.name,
            "n": number(row.total.overdue),
        }
        yield Sentence(
            text, list_address(unit=row.unit.pk, period=board.period.code, overdue=True), True
        )


def _silences(board: Board, columns: Sequence[Column]) -> Iterator[Sentence]:
    levels = dict.fromkeys(row.unit.level for row in board.rows if row.unit.level != VILLAGE)
    silent = [
        (len(rows), level, column)
        for level in levels
        for column in columns
        if (rows := silent_rows(board, column.code, level))
    ]
    silent.sort(key=lambda it: (-it[0], it[2].code))
    for count, level, column in silent[: MOST - NAMED - 1]:
        href = asking(
            unit=board.unit.pk,
            period=board.period.code,
            dimension=column.dimension if "." in column.code else None,
            silent=f"{level}-{column.code}",
        )
        yield Sentence(finding_of_silence(count, level, column), href, False)


def _judging(board: Board, columns: Sequence[Column]) -> Iterator[Sentence]:
    waiting = board.total.state("submitted")
    if not waiting:
        return
    by_column = [
        (board.areas[column.code].state("submitted"), column)
        for column in columns
        if column.code in board.areas
    ]
    most, column = max(by_column, key=lambda it: it[0])
    text = gettext("%(n)s báo cáo chờ thẩm định, nhiều nhất ở nội dung %(area)s (%(most)s)") % {
        "n": number(waiting),
        "area": column.code,
        "most": number(most),
    }
    href = list_address(unit=board.unit.pk, period=board.period.code, state="submitted")
    yield Sentence(text, href, False)
