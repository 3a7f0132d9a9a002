"""Writing the spreadsheet of a unit's period: what is filled is open, everything else locked."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO

from django.utils import translation
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khung.assignments.models import Period
from khung.base.wording import period_name
from khung.orgs.models import Unit
from khung.reports.spreadsheets.contents import Line
from khung.reports.spreadsheets.sheet_format import COLUMNS, HEADS
from khung.rules.reporting import AWAITING_FUNDS, OUTCOMES
from khung.rules.workflow import STATES

SHEET, GUIDE = "Báo cáo", "Hướng dẫn"
HEAD_ROW = 3
# What a program for spreadsheets would take for a formula once somebody edits the cell.
_FORMULA = ("=", "+", "-", "@")
_MOST_HEIGHT = 240
HINT = (
    "Chỉ ghi vào ô nền trắng. Cột “Cách thức đã làm” ghi số thứ tự, ví dụ: 1; 3. Mỗi đường dẫn, "
    "mỗi lần thực hiện một dòng trong ô (Alt+Enter). Xem trang “Hướng dẫn”."
)
INSTRUCTIONS = (
    ("Tệp này dùng để làm gì", "Ghi báo cáo của cả kỳ vào một bảng, rồi nạp lại vào hệ thống."),
    ("Ghi ở đâu", "Chỉ ghi vào các ô nền trắng của trang “Báo cáo”. Ô nền xám chỉ để đọc."),
    (HEADS["outcome"], "Chọn trong danh sách: " + "; ".join(OUTCOMES.values()) + "."),
    (HEADS["text"], "Một, hai câu: đã làm gì, ở đâu, bao nhiêu."),
    (HEADS["reason"], "Ghi khi không phát sinh, chưa được bố trí vốn hoặc chưa đủ số lần."),
    (HEADS["quantity"], "Chỉ ghi số, ví dụ 120 hoặc 1.250,5. Đơn vị tính ghi ở cột bên cạnh."),
    (
        HEADS["methods_done"],
        "Số thứ tự của các cách thức đã làm ở cột “Cách thức triển khai”, cách nhau bằng dấu "
        "chấm phẩy. Ví dụ: 1; 3.",
    ),
    (
        HEADS["links"],
        "Địa chỉ trang đã đăng, bắt đầu bằng https://, mỗi dòng một địa chỉ. Tệp và ảnh thêm trên "
        "trang báo cáo. Nạp tệp chỉ thêm đường dẫn, không bỏ đường dẫn đã có.",
    ),
    (
        HEADS["occurrences"],
        "Chỉ với nhiệm vụ tính số lần. Mỗi lần một dòng: ngày/tháng/năm: đã làm gì, ở đâu. "
        "Ví dụ: 20/01/2025: Đối thoại với Nhân dân tại hội trường. Nạp tệp chỉ thêm lần mới.",
    ),
    (
        HEADS["key"],
        "Không sửa, không xóa: nhờ mã này hệ thống biết dòng nào của nhiệm vụ nào và ô nào đã "
        "thay đổi. Được đổi chỗ, ẩn cột; được xóa cả dòng không dùng đến.",
    ),
    (
        "Nạp lại",
        "Vào Việc của tôi, chọn Báo cáo bằng bảng tính rồi chọn tệp này. Hệ thống cho xem trước "
        "những gì sẽ lưu. Có một ô sai thì chưa lưu gì cả, và từng ô sai được chỉ rõ.",
    ),
    ("Sau khi nạp", "Báo cáo mới là bản soạn. Trình duyệt và gửi trên trang Việc của tôi."),
)


def file_name(unit: Unit, period: Period) -> str:
    """What the file is called."""
    return f"bao-cao-{unit.code}-{period.code}.xlsx"


def sheet_bytes(unit: Unit, period: Period, lines: Sequence[Line]) -> bytes:
    """The spreadsheet of these lines; text that begins like a formula stays text."""
    made = BytesIO()
    options = {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with translation.override("vi"), Workbook(made, options) as book:
        sheet = book.add_worksheet(SHEET)
        _Table(book, sheet).write(unit, period, lines)
        _instructions(book, book.add_worksheet(GUIDE))
    return made.getvalue()


class _Table:
    """The first sheet."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.sheet = sheet
        around = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#B8C1C8"}
        grey = around | {"bg_color": "#EEF0F2", "font_color": "#37454F"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.hint = book.add_format({"italic": True, "font_color": "#37454F"})
        self.head = book.add_format(
            grey | {"bold": True, "bg_color": "#0B5D57", "font_color": "#FFFFFF"}
        )
        self.read = book.add_format(grey)
        self.mark = book.add_format(grey | {"font_size": 8, "font_color": "#6B7780"})
        fill = around | {"locked": False}
        self.text = book.add_format(fill | {"num_format": "@"})
        self.quoted = book.add_format(fill | {"num_format": "@", "quote_prefix": True})
        self.quoted_grey = book.add_format(grey | {"quote_prefix": True})
        self.number = book.add_format(fill | {"num_format": "#,##0.##"})

    def write(self, unit: Unit, period: Period, lines: Sequence[Line]) -> None:
        sheet = self.sheet
        sheet.write_string(0, 0, f"Báo cáo {period_name(period.code)} – {unit.name}", self.title)
        sheet.write_string(1, 0, HINT, self.hint)
        for at, column in enumerate(COLUMNS):
            sheet.set_column(at, at, column.width)
            sheet.write_string(HEAD_ROW - 1, at, column.head, self.head)
        for row, line in enumerate(lines, HEAD_ROW):
            self._row(row, line)
        sheet.freeze_panes(HEAD_ROW, 2)
        # Without a password: it guards against slips of the hand, not against people.
        sheet.protect("", {"format_columns": True, "format_rows": True, "delete_rows": True})
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW - 1)

    def _row(self, row: int, line: Line) -> None:
        told, filled = _told(line), line.said.cells
        for at, column in enumerate(COLUMNS):
            is_open = column.is_filled and line.is_open
            if column.name == "occurrences" and not line.assignment.quota:
                is_open = False
            if column.name == "key":
                self.sheet.write_string(row, at, str(line.key), self.mark)
            elif column.name == "no":
                self.sheet.write_number(row, at, line.task.no, self.read)
            elif column.name == "quantity" and line.said.quantity is not None:
                format = self.number if is_open else self.read
                self.sheet.write_number(row, at, float(line.said.quantity), format)
            else:
                text = filled[column.name] if column.is_filled else told[column.name]
                self._text(row, at, text, is_open=is_open, is_number=column.name == "quantity")
            if column.name == "outcome" and is_open:
                self._choices(row, at, line)
        longest = max(
            _height(text, column.width)
            for column in COLUMNS
            for text in [told.get(column.name, filled.get(column.name, ""))]
        )
        self.sheet.set_row(row, min(longest, _MOST_HEIGHT))

    def _text(self, row: int, at: int, text: str, *, is_open: bool, is_number: bool) -> None:
        is_risky = text.startswith(_FORMULA)
        format: Format = self.quoted_grey if is_risky else self.read
        if is_open:
            format = self.number if is_number else self.quoted if is_risky else self.text
        if text:
            self.sheet.write_string(row, at, text, format)
        else:
            self.sheet.write_blank(row, at, None, format)

    def _choices(self, row: int, at: int, line: Line) -> None:
        labels = [
            label
            for code, label in OUTCOMES.items()
            if code != AWAITING_FUNDS or line.assignment.may_await_funds
        ]
        self.sheet.data_validation(
            row, at, row, at,
            {
                "validate": "list",
                "source": labels,
                "error_title": "Kết quả",
                "error_message": "Chọn một mục trong danh sách.",
            },
        )  # fmt: skip


def _told(line: Line) -> dict[str, str]:
    """The columns that are only read."""
    it, task = line.assignment, line.task
    content = "\n".join(item.words for item in task.content)
    if it.occasion:
        content = f"[{it.occasion.title}]\n{content}"
    return {
        "content": content or task.title,
        "methods": "\n".join(f"{n}. {item.words}" for n, item in enumerate(task.methods, 1)),
        "due_on": f"{it.due_on:%d/%m/%Y}",
        "state": _standing(line),
    }


def _standing(line: Line) -> str:
    state = STATES[line.assignment.state]
    if line.is_open or line.assignment.state in ("submitted", "accepted", "exempt"):
        return state
    return f"{state} (đã khóa từ {line.assignment.locks_on + dt.timedelta(days=1):%d/%m/%Y})"


def _height(text: str, width: int) -> float:
    """About how high a wrapped text stands, in points."""
    lines = sum(1 + len(line) // max(width - 1, 1) for line in text.split("\n"))
    return 15.0 * max(lines, 2)


def _instructions(book: Workbook, sheet: Worksheet) -> None:
    bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    plain = book.add_format({"valign": "top", "text_wrap": True})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    for row, (what, how) in enumerate(INSTRUCTIONS):
        sheet.write_string(row, 0, what, bold)
        sheet.write_string(row, 1, how, plain)
    sheet.protect("")
