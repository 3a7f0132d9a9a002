"""Counts of other systems as a table: what its rows say, and which reports they may prove."""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext
from xlsxwriter import Workbook

from khung.assignments.models import Assignment, Period
from khung.assignments.queries import of_period
from khung.base.readers.xlsx import address
from khung.base.wording import number, period_name
from khung.frameworks.models import TaskItem, TaskVersion
from khung.orgs.models import Person, Unit, UnitAlias, UnitName
from khung.orgs.queries import roles_of, there_between
from khung.reports.spreadsheets.table import Problem, cell_text, open_table
from khung.rules.amounts import NoAmount, amount
from khung.rules.figures import FIGURES, NAMES, is_proposed, may_prove
from khung.rules.permissions import Permission, permissions_of
from khung.rules.text import fold, squeeze

HEADS = {
    "code": "Mã đơn vị",
    "unit": "Tên đơn vị",
    "period": "Kỳ",
    "kind": "Loại số liệu",
    "count": "Số",
    "first": "Từ ngày",
    "last": "Đến ngày",
    "source": "Nguồn",
}
LONGEST_SOURCE = 120
MOST_ROWS = 2_000
# Names the identity of a count: the same source, period, unit and kind is the same piece.
_NAMESPACE = uuid.UUID("6f6f9a3c-6f58-4a3f-9a55-1d3c7c3e2b10")
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of the table: the text of its cells, and where each stands."""

    cells: Mapping[str, str]
    at: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One count that was understood."""

    unit: Unit
    kind: str
    count: int
    first: dt.date
    last: dt.date
    source: str
    row: ReadRow

    def uuid(self, period: Period) -> uuid.UUID:
        """What makes it the same count when it comes again, corrected or not."""
        name = f"{fold(self.source)}|{period.code}|{self.unit.pk}|{self.kind}"
        return uuid.uuid5(_NAMESPACE, name)

    @property
    def numbers(self) -> str:
        """ "Đơn tố cáo tiếp nhận: 12 đơn (15/12/2024–14/03/2025)"."""
        known = FIGURES[self.kind]
        days = f"{self.first:%d/%m/%Y}–{self.last:%d/%m/%Y}"
        # Kept as evidence, so the same words in whichever language a page is read.
        with translation.override("vi"):
            return f"{known.name}: {number(self.count)} {known.counted} ({days})"

    @property
    def title(self) -> str:
        return f"{self.numbers}, nguồn: {self.source}"[:255]


@dataclass(slots=True)
class Figures:
    """All counts of a table, and what is wrong with it."""

    rows: list[ReadRow] = field(default_factory=list)
    found: list[Figure] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_rows(data: bytes) -> tuple[list[ReadRow], list[Problem]]:
    """The filled rows of a file and what is wrong with its heads. Raises NotThisSheet."""
    table = open_table(data, HEADS, "code", HEADS)
    rows: list[ReadRow] = []
    if table.problems:
        return rows, list(table.problems)
    for at, values in table.rows:
        cells = {name: squeeze(cell_text(values[column])) for name, column in table.columns.items()}
        # The template writes unit and period ahead: a row without a count says nothing.
        if any(cells[name] for name in ("kind", "count", "source")):
            places = {name: address(at, column) for name, column in table.columns.items()}
            rows.append(ReadRow(cells, places))
    if len(rows) > MOST_ROWS:
        why = gettext("Bảng có %(n)s dòng; mỗi lần nạp tối đa %(most)s dòng. Tách thành nhiều tệp.")
        return [], [Problem("", why % {"n": number(len(rows)), "most": number(MOST_ROWS)})]
    return rows, []


def understood(rows: Sequence[ReadRow], period: Period, today: dt.date) -> Figures:
    """What the rows say of a period, with every cell that is wrong; six queries at most."""
    made, seen = Figures(list(rows)), dict[uuid.UUID, str]()
    units = _units(period, {row.cells["code"] for row in rows})
    for row in rows:
        found = _figure(row, units, period, today, made.problems)
        if found is None:
            continue
        same = seen.setdefault(found.uuid(period), row.at["count"])
        if same != row.at["count"]:
            why = gettext("số này đã có ở ô %(cell)s: cùng đơn vị, loại số liệu và nguồn.")
            made.problems.append(Problem(row.at["count"], why % {"cell": same}))
        else:
            made.found.append(found)
    return made


def _figure(
    row: ReadRow,
    units: Mapping[str, tuple[Unit, frozenset[str]]],
    period: Period,
    today: dt.date,
    problems: list[Problem],
) -> Figure | None:
    wrong: list[Problem] = []
    unit = _unit(row, units, period, wrong)
    if fold(row.cells["period"]) not in {fold(period.code), fold(period_name(period.code))}:
        why = gettext("“%(text)s” khác kỳ đang chọn, %(period)s (%(code)s).")
        said = {"text": row.cells["period"][:30], "code": period.code}
        said["period"] = period_name(period.code)
        wrong.append(Problem(row.at["period"], why % said))
    kind = _kind(row, wrong)
    count = _count(row, wrong)
    first, last = _days(row, period, today, wrong)
    source = row.cells["source"]
    if not source or len(source) > LONGEST_SOURCE:
        why = gettext("ghi tên hệ thống hoặc sổ đã lấy số liệu, tối đa %(n)s ký tự.")
        wrong.append(Problem(row.at["source"], why % {"n": number(LONGEST_SOURCE)}))
    problems += wrong
    if wrong or unit is None:
        return None
    return Figure(unit, kind, count, first, last, source, row)


def _units(period: Period, codes: Collection[str]) -> dict[str, tuple[Unit, frozenset[str]]]:
    """The units of these codes that stood in the period, each with all its names, folded.

    Of two that bore a code one after the other, the one that owes work in the period.
    """
    asked = {*codes, *(code.zfill(5) for code in codes if code.isdecimal())}
    found = list(there_between(period.starts_on, period.ends_on).filter(code__in=asked))
    owing = set(
        Assignment.objects.filter(counts_in=period, unit__in=found).values_list("unit", flat=True)
    )
    names: dict[int, set[str]] = {one.pk: {one.folded_name} for one in found}
    for model in (UnitName, UnitAlias):
        for pk, folded in model.objects.filter(unit__in=found).values_list("unit", "folded"):
            names[pk].add(folded)
    found.sort(key=lambda one: (one.pk in owing, one.valid_from))
    return {one.code: (one, frozenset(names[one.pk])) for one in found}


def _unit(
    row: ReadRow,
    units: Mapping[str, tuple[Unit, frozenset[str]]],
    period: Period,
    wrong: list[Problem],
) -> Unit | None:
    code, name = row.cells["code"], row.cells["unit"]
    known = units.get(code) or units.get(code.zfill(5))
    if known is None:
        why = gettext("không có đơn vị mang mã “%(code)s” trong %(period)s.")
        said = {"code": code[:30], "period": period_name(period.code)}
        wrong.append(Problem(row.at["code"], why % said))
        return None
    unit, names = known
    if fold(name) not in names:
        why = gettext("mã %(code)s là của “%(unit)s”, không phải “%(name)s”. Sửa mã hoặc tên.")
        said = {"code": code, "unit": unit.name, "name": name[:60]}
        wrong.append(Problem(row.at["unit"], why % said))
    return unit


def _kind(row: ReadRow, wrong: list[Problem]) -> str:
    by_name = {fold(name): code for code, name in NAMES.items()}
    kind = by_name.get(fold(row.cells["kind"]), "")
    if not kind:
        why = gettext("“%(text)s” không có trong danh mục. Chọn trong danh sách của tệp mẫu.")
        wrong.append(Problem(row.at["kind"], why % {"text": row.cells["kind"][:60]}))
    return kind


def _count(row: ReadRow, wrong: list[Problem]) -> int:
    try:
        count = amount(row.cells["count"], whole=True)
    except NoAmount as no:
        why = gettext("số %(why)s.") % {"why": gettext(str(no))}
        wrong.append(Problem(row.at["count"], why))
        return 0
    if count is None:
        wrong.append(Problem(row.at["count"], gettext("chưa ghi số; không có thì ghi 0.")))
        return 0
    return int(count)


def _days(
    row: ReadRow, period: Period, today: dt.date, wrong: list[Problem]
) -> tuple[dt.date, dt.date]:
    """The days the count runs over; those of the period's data where none are written."""
    days = [period.data_from, min(period.data_to, today)]
    for n, name in enumerate(("first", "last")):
        text = row.cells[name]
        if not text:
            continue
        found = _DAY.fullmatch(text)
        try:
            days[n] = (
                dt.date(*(int(part) for part in reversed(found.groups()))) if found else days[n]
            )
        except ValueError:
            found = None
        if found is None:
            why = gettext("“%(text)s” không phải ngày. Ghi ngày/tháng/năm, ví dụ 15/12/2024.")
            wrong.append(Problem(row.at[name], why % {"text": text[:30]}))
            return days[0], days[1]
    first, last = days
    opens, closes = min(period.data_from, period.starts_on), max(period.data_to, period.ends_on)
    if first > last:
        wrong.append(Problem(row.at["last"], gettext("ngày cuối trước ngày đầu.")))
    elif first < opens or last > closes:
        why = gettext("thời gian phải nằm trong kỳ: %(first)s đến %(last)s.")
        said = {"first": f"{opens:%d/%m/%Y}", "last": f"{closes:%d/%m/%Y}"}
        wrong.append(Problem(row.at["first" if first < opens else "last"], why % said))
    elif last > today:
        wrong.append(Problem(row.at["last"], gettext("ngày này chưa đến.")))
    return first, last


def reach_of(by: Person, day: dt.date) -> QuerySet[Assignment]:
    """Whose reports a person may bring figures for: all, or those their unit guides or judges."""
    units = []
    for role in roles_of(by, day) if by.is_active else ():
        may = permissions_of([role.role])
        if Permission.IMPORT_FIGURES in may:
            if Permission.VIEW_ALL_WORK in may:
                return Assignment.objects.all()
            units.append(role.unit_id)
    return Assignment.objects.filter(Q(guide__in=units) | Q(judge__in=units))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task that counts of a kind may prove; proposed where its own words speak of them."""

    version: TaskVersion
    title: str
    is_proposed: bool


def candidates(
    reach: QuerySet[Assignment], period: Period, kinds: Collection[str]
) -> dict[str, list[Candidate]]:
    """The tasks each kind may prove, of those in reach in the period; three queries."""
    asked = of_period(reach, period).order_by().values("task_version")
    versions = TaskVersion.objects.filter(pk__in=asked).order_by("no").prefetch_related("items")
    method, content = TaskItem.Field.METHOD, TaskItem.Field.CONTENT
    made: dict[str, list[Candidate]] = {kind: [] for kind in kinds}
    for version in versions:
        items = sorted(version.items.all(), key=lambda one: one.position)
        of = {one.kind for one in items if one.field == method}
        title = next((one.words for one in items if one.field in (content, method)), str(version))
        for kind, found in made.items():
            if may_prove(kind, of, version.folded_text):
                proposed = is_proposed(kind, version.folded_text)
                found.append(Candidate(version, title, proposed))
    return made


def homeless(figure: Figure) -> Problem:
    """What to say of a count that no chosen task of its unit can take."""
    why = gettext(
        "%(unit)s không có báo cáo nào nhận số liệu này trong các nhiệm vụ đã chọn thuộc phạm vi "
        "của đơn vị mình. Chọn thêm nhiệm vụ, hoặc xóa dòng."
    )
    return Problem(figure.row.at["unit"], why % {"unit": figure.unit.name})


def template_bytes(reach: QuerySet[Assignment], period: Period) -> bytes:
    """The table to fill in: a row for each unit in reach that owes work in the period."""
    owing = of_period(reach, period).order_by().values("unit")
    units = Unit.objects.filter(pk__in=owing).order_by("path")
    made = BytesIO()
    options = {"strings_to_urls": False, "strings_to_formulas": False}
    with Workbook(made, options) as book:
        sheet = book.add_worksheet("Số liệu")
        bold = book.add_format(
            {"bold": True, "bg_color": "#0B5D57", "font_color": "#FFFFFF", "text_wrap": True}
        )
        text, count = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        widths = {"code": 12, "unit": 34, "kind": 42, "source": 40}
        formats = {"count": count, "first": day, "last": day}
        for at, (name, head) in enumerate(HEADS.items()):
            sheet.set_column(at, at, widths.get(name, 13), formats.get(name, text))
            sheet.write_string(0, at, head, bold)
        for row, unit in enumerate(units, 1):
            for at, value in enumerate((unit.code, unit.name, period.code)):
                sheet.write_string(row, at, value, text)
        # A list of its own sheet: more than 255 characters do not fit into the rule itself.
        kinds = book.add_worksheet("Danh mục")
        kinds.set_column(0, 0, 50)
        for row, kind in enumerate(NAMES.values()):
            kinds.write_string(row, 0, kind)
        source = f"='Danh mục'!$A$1:$A${len(NAMES)}"
        sheet.data_validation(1, 3, MOST_ROWS, 3, {"validate": "list", "source": source})
        whole = {"validate": "integer", "criteria": ">=", "value": 0}
        sheet.data_validation(1, 4, MOST_ROWS, 4, whole)
        sheet.freeze_panes(1, 2)
    return made.getvalue()
