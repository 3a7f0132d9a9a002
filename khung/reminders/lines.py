"""The lines of a digest: what each kind is called, who is told, where it leads, how it reads.

A line is kept as {"kind", "n", "names", "units"}: so many of a kind, the first few by name, and for
work of units below in how many of them. It is put into words when somebody reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from khung.base.wording import number
from khung.rules.permissions import Permission

NAMED_AT_MOST = 3
OVERDUE, DUE_TODAY, DUE_SOON, RETURNED, GIVEN = "overdue", "today", "soon", "returned", "given"
APPROVAL, JUDGING, DIFFICULTY, ANSWERED = "approval", "judging", "difficulty", "answered"
BELOW, EXEMPTION, LETTER, ALLOWED = "below", "exemption", "letter", "allowed"
# The same work as the days go by.
DUE = frozenset({OVERDUE, DUE_TODAY, DUE_SOON})


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of line is called, what its number counts, who is told, where it leads."""

    heading: str
    counted: str
    needs: frozenset[Permission]
    path: str
    # Told once, because it happened; nothing to finish.
    is_news: bool = False


def _kind(heading: str, counted: str, path: str, *needs: Permission, is_news: bool = False) -> Kind:
    return Kind(heading, counted, frozenset(needs), path, is_news)


# In the order a digest lists them.
KINDS: Mapping[str, Kind] = {
    OVERDUE: _kind(
        _("Quá hạn"),
        _("%(n)s nhiệm vụ của đơn vị đã quá hạn"),
        "/viec-cua-toi/?overdue=1",
        Permission.REPORT_WORK,
    ),
    DUE_TODAY: _kind(
        _("Hôm nay là hạn"),
        _("%(n)s nhiệm vụ của đơn vị đến hạn hôm nay"),
        "/viec-cua-toi/",
        Permission.REPORT_WORK,
    ),
    DUE_SOON: _kind(
        _("Sắp đến hạn"),
        _("%(n)s nhiệm vụ của đơn vị sắp đến hạn"),
        "/viec-cua-toi/",
        Permission.REPORT_WORK,
    ),
    RETURNED: _kind(
        _("Bị trả lại"),
        _("%(n)s báo cáo bị trả lại, cần sửa và gửi lại"),
        "/viec-cua-toi/?state=returned",
        Permission.REPORT_WORK,
    ),
    GIVEN: _kind(
        _("Việc được giao trong đơn vị"),
        _("%(n)s nhiệm vụ giao cho bạn chưa xong"),
        "/viec-cua-toi/",
    ),
    APPROVAL: _kind(
        _("Chờ duyệt"),
        _("%(n)s báo cáo đã soạn xong, chờ bạn duyệt"),
        "/duyet-bao-cao/",
        Permission.APPROVE_REPORT,
    ),
    JUDGING: _kind(
        _("Chờ thẩm định"),
        _("%(n)s báo cáo chờ thẩm định"),
        "/viec-cua-toi/tham-dinh/",
        Permission.JUDGE_WORK,
    ),
    DIFFICULTY: _kind(
        _("Khó khăn chờ trả lời"),
        _("%(n)s khó khăn, vướng mắc chờ đơn vị trả lời"),
        "/kho-khan/",
        Permission.ANSWER_DIFFICULTY,
        Permission.DECIDE_DIFFICULTY,
    ),
    ANSWERED: _kind(
        _("Khó khăn đã được trả lời"),
        _("%(n)s khó khăn, vướng mắc đã được trả lời, chờ đơn vị xác nhận"),
        "/kho-khan/",
        Permission.RAISE_DIFFICULTY,
    ),
    BELOW: _kind(
        _("Đơn vị trực thuộc quá hạn"),
        _("%(n)s nhiệm vụ của %(units)s đơn vị trực thuộc đã quá hạn"),
        "/bang-theo-doi/",
        Permission.APPROVE_REPORT,
        Permission.WRITE_LETTER,
    ),
    EXEMPTION: _kind(
        _("Đề nghị miễn"),
        _("%(n)s đề nghị miễn nhiệm vụ chờ trả lời"),
        "/viec-cua-toi/de-nghi-mien/",
        Permission.EXEMPT_WORK,
    ),
    LETTER: _kind(
        _("Công văn đôn đốc"),
        _("%(n)s công văn đôn đốc mới gửi đơn vị"),
        "/viec-cua-toi/?overdue=1",
        Permission.REPORT_WORK,
        is_news=True,
    ),
    ALLOWED: _kind(
        _("Được báo cáo sau ngày khóa"),
        _("%(n)s lần cho phép đơn vị báo cáo sau ngày khóa"),
        "/viec-cua-toi/",
        Permission.REPORT_WORK,
        is_news=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """So many of a kind; `names` are the first few of them."""

    kind: str
    n: int
    names: tuple[str, ...] = ()
    units: int = 0

    def as_item(self) -> dict[str, Any]:
        """As a digest keeps it."""
        return {"kind": self.kind, "n": self.n, "names": list(self.names), "units": self.units}

    @property
    def heading(self) -> str:
        return gettext(KINDS[self.kind].heading)

    @property
    def path(self) -> str:
        return KINDS[self.kind].path

    @property
    def sentence(self) -> str:
        """ "12 nhiệm vụ của đơn vị đã quá hạn"."""
        said = {"n": number(self.n), "units": number(self.units)}
        return gettext(KINDS[self.kind].counted) % said

    @property
    def more(self) -> str:
        """ "… và 9 việc nữa", nothing where all are named."""
        # Of the units below, names are of units; of everything else, of pieces of work.
        left = (self.units or self.n) - len(self.names)
        if left <= 0 or not self.names:
            return ""
        if self.units:
            return gettext("… và %(n)s đơn vị nữa") % {"n": number(left)}
        return gettext("… và %(n)s việc nữa") % {"n": number(left)}

    @property
    def shown_names(self) -> list[str]:
        """Every name to list, the count of the others last."""
        return [*self.names, *([self.more] if self.more else [])]


def lines(items: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The lines a digest keeps; of a kind this version does not know, nothing is shown."""
    return [
        Line(item["kind"], item["n"], tuple(item["names"]), item.get("units", 0))
        for item in items
        if item["kind"] in KINDS
    ]


def summary(found: Sequence[Line]) -> str:
    """All of a digest in one line, for a subject and for short messages."""
    return "; ".join(f"{line.heading.lower()}: {number(line.n)}" for line in found)
