"""The document of a unit's paper report: facts in, head and blocks out; nothing is read here.

The texts are Vietnamese whatever the reader's language: it is a document of Vietnamese
administration (NĐ 30/2020/NĐ-CP, Phụ lục III, form of a report).
"""

from collections.abc import Sequence

from khung.base.writers.official_docx import (
    Addressees,
    Annex,
    Block,
    Head,
    Paragraph,
    Recipients,
    Signature,
    Table,
    document,
)
from khung.reports.covering import Facts, Issuer, Reported
from khung.rules.reporting import AWAITING_FUNDS, DONE, NOTHING_AROSE, OUTCOMES
from khung.rules.text import office_name
from khung.rules.workflow import STATES

_TERRITORIES = (
    "Thành phố ", "Tỉnh ", "Quận ", "Huyện ", "Thị xã ", "Thị trấn ", "Phường ", "Xã ", "Đặc khu ",
)  # fmt: skip
_CHAIR = {"province", "district", "commune"}


def docx(facts: Facts) -> bytes:
    """The docx of the report: number and date are left open for the clerk."""
    return document(head(facts), blocks(facts))


def head(facts: Facts) -> Head:
    """What stands above the text."""
    issuer = facts.issuer
    return Head(
        issuer_parent=_committee(issuer.above),
        issuer=_committee(issuer.name) if issuer.is_committee else issuer.name,
        number_symbol=f"/BC-{_symbol(issuer)}",
        place=_place(issuer.place),
        day=None,
        kind_title="Báo cáo",
        about=(
            "Kết quả thực hiện nhiệm vụ cải thiện và nâng cao Chỉ số hiệu quả quản trị và hành "
            f"chính công (PAPI), {facts.period}"
        ),
        is_letter=False,
    )


def blocks(facts: Facts) -> list[Block]:
    """The text, the signature, and the annex that says what was reported task by task."""
    found: list[Block] = []
    if facts.to:
        found.append(Addressees(facts.to))
    if facts.is_illustrative:
        found.append(
            Paragraph("(Dữ liệu minh họa, không phải số liệu của cơ quan nào)", italic=True)
        )
    found.append(Paragraph(_basis(facts)))
    found += [Paragraph("I. KẾT QUẢ CHUNG", bold=True), *_sums(facts)]
    found.append(
        Table(
            columns=("Nội dung", "Được giao", "Đã báo cáo", "Chưa báo cáo"),
            rows=[
                (name, str(owed), str(done), str(owed - done))
                for name, done, owed in facts.by_dimension
            ],
            widths_mm=(90, 25, 25, 25),
            centred=frozenset({1, 2, 3}),
        )
    )
    found += [Paragraph("II. NHIỆM VỤ CHƯA BÁO CÁO", bold=True), *_owed(facts)]
    found += [Paragraph("III. KHÓ KHĂN, VƯỚNG MẮC", bold=True), *_difficulties(facts)]
    found.append(Paragraph(_closing(facts)))
    found += [_signature(facts.issuer), Recipients(_recipients(facts))]
    if facts.reported:
        found += [
            Annex("Kết quả thực hiện từng nhiệm vụ", _annex_note(facts), landscape=True),
            _annex(facts.reported),
        ]
    return found


def _basis(facts: Facts) -> str:
    name = _mid(_committee(facts.issuer.name) if facts.issuer.is_committee else facts.issuer.name)
    span = f"{facts.data_from:%d/%m/%Y} đến {facts.data_to:%d/%m/%Y}"
    said = f"báo cáo kết quả thực hiện nhiệm vụ {facts.period} (số liệu từ {span}) như sau:"
    if not facts.decision:
        return f"{_first(name)} {said}"
    # The issuer of a Decision is kept as its capitals stand; a sentence names it in lower case.
    front, _, issuer = facts.decision.rpartition(" của ")
    return f"Thực hiện Quyết định {front} của {office_name(issuer)}, {name} {said}"


def _sums(facts: Facts) -> list[Block]:
    owed = len(facts.tasks) - facts.exempt
    outcomes = [
        (facts.count(code), OUTCOMES[code].lower())
        for code in (DONE, NOTHING_AROSE, AWAITING_FUNDS)
    ]
    parts = ", ".join(f"{n} nhiệm vụ {label}" for n, label in outcomes if n)
    said = f"Trong kỳ, đơn vị được giao {owed} nhiệm vụ; đã báo cáo {len(facts.reported)} nhiệm vụ"
    found = [f"{said}{f' ({parts})' if parts else ''}, chưa báo cáo {len(facts.owed)} nhiệm vụ."]
    if facts.exempt:
        found.append(f"Ngoài ra, {facts.exempt} nhiệm vụ được miễn báo cáo trong kỳ.")
    accepted = sum(one.state == "accepted" for one in facts.tasks)
    if accepted:
        found.append(
            f"Đến ngày lập báo cáo, {accepted} nhiệm vụ đã được cơ quan thẩm định công nhận."
        )
    return [Paragraph(text) for text in found]


def _owed(facts: Facts) -> list[Block]:
    if not facts.owed:
        return [Paragraph("Không có.")]
    return [
        Paragraph(
            f"- Nhiệm vụ {one.no}: {one.title} ({STATES[one.state].lower()}"
            f"{', quá hạn' if one.is_late else ''})."
        )
        for one in facts.owed
    ]


def _difficulties(facts: Facts) -> list[Block]:
    if not facts.difficulties:
        return [Paragraph("Không có khó khăn, vướng mắc cần kiến nghị.")]
    return [Paragraph(f"- {one}") for one in facts.difficulties]


def _closing(facts: Facts) -> str:
    name = _mid(_committee(facts.issuer.name) if facts.issuer.is_committee else facts.issuer.name)
    to = f", kính gửi {', '.join(facts.to)} tổng hợp" if facts.to else ""
    return f"Trên đây là báo cáo kết quả thực hiện nhiệm vụ {facts.period} của {name}{to}./."


def _recipients(facts: Facts) -> Sequence[str]:
    first = ("Như trên;",) if facts.to else ()
    return (*first, "Lưu: VT.")


def _signature(issuer: Issuer) -> Signature:
    if issuer.is_committee and issuer.level in _CHAIR:
        return Signature("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    title = (
        "GIÁM ĐỐC" if issuer.name.startswith(("Sở ", "Bệnh viện", "Trung tâm")) else "THỦ TRƯỞNG"
    )
    return Signature("", title)


def _annex_note(facts: Facts) -> str:
    symbol = f"BC-{_symbol(facts.issuer)}"
    return f"(Kèm theo Báo cáo số      /{symbol} ngày     tháng     năm      )"


def _annex(reported: Sequence[Reported]) -> Table:
    return Table(
        columns=("Số", "Nhiệm vụ", "Kết quả", "Số lượng", "Tài liệu kiểm chứng"),
        rows=[
            (
                str(one.no),
                one.title,
                _result(one),
                one.quantity,
                f"{one.pieces} tài liệu" if one.pieces else "",
            )
            for one in reported
        ],
        widths_mm=(12, 85, 105, 30, 25),
        landscape=True,
        centred=frozenset({0, 4}),
    )


def _result(one: Reported) -> str:
    if not one.outcome:
        return ""
    said = one.text if one.outcome == DONE else f"{OUTCOMES[one.outcome]}: {one.text}"
    marks = []
    if one.joint_with:
        marks.append(f"kết quả chung với {one.joint_with}")
    if one.entered_by:
        marks.append(f"{one.entered_by} nhập thay")
    return f"{said} ({'; '.join(marks)})" if marks else said


def _committee(name: str) -> str:
    """A People's Committee by its full name: "Phường A" → "Ủy ban nhân dân phường A"."""
    if not name.startswith(_TERRITORIES):
        return name
    return f"Ủy ban nhân dân {_mid(name)}"


def _mid(name: str) -> str:
    """A name as it stands inside a sentence: a territory or a committee begins in lower case."""
    return name[:1].lower() + name[1:] if name.startswith(_TERRITORIES) else name


def _first(name: str) -> str:
    return name[:1].upper() + name[1:]


def _place(name: str) -> str:
    """The name of the seat for the date line: without its kind, unless the name is a number."""
    bare = next((name[len(kind) :] for kind in _TERRITORIES if name.startswith(kind)), name)
    return name if bare[:1].isdigit() else bare


def _symbol(issuer: Issuer) -> str:
    """The issuer's letters in the number: UBND, or the initials of a department; else left open."""
    if issuer.is_committee:
        return "UBND"
    words = issuer.name.split()
    return "".join(word[0].upper() for word in words) if words[:1] == ["Sở"] else ""
