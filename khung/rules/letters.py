"""Official letters of urging: to whom in which words, and through whom.

NĐ 30/2020/NĐ-CP settles how such a letter looks (`base.writers.official_docx`); whom an agency may
urge and whom it asks follows from who directs whom. Letters are Vietnamese whatever language a
reader has chosen, so their words stand here and pass no catalogue.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khung.rules.text import fold

URGE, REQUEST = "urge", "request"
COORDINATOR, COMMITTEE = "coordinator", "committee"
COMPANY = "company"
# Led along their own line from the centre; the province only asks them.
VERTICAL = frozenset({"police", "social_insurance"})
# Bodies of the administration. Any other (the Front, a newspaper of the Party, a people's
# inspectorate, a company) is asked, never told.
_DIRECTED = frozenset(
    {
        "people_committee",
        "specialised_agency",
        "education_office",
        "citizen_reception",
        "radio_station",
        "land_registry",
        "health_centre",
        "health_station",
    }
)
# Why a unit that was chosen gets no letter.
DROPPED = {
    "reported": "không còn đủ nhiệm vụ quá hạn: đã báo cáo từ lúc mở trang",
    "waiting": "đã có dự thảo công văn của kỳ này đang chờ số",
    "ended": "đã kết thúc hoạt động",
    "itself": "là cơ quan ban hành công văn",
    "village": "thôn, tổ dân phố không nhận công văn riêng",
}
# More names than this make a sentence, or the lines under "Kính gửi", unreadable.
_NAMED = 3
_ADDRESSED = 12
_TITLES = {
    "so": "Giám đốc",
    "van phong": "Chánh Văn phòng",
    "thanh tra": "Chánh Thanh tra",
    "ban": "Trưởng ban",
}
_TERRITORIES = (
    "Tỉnh",
    "Thành phố",
    "Huyện",
    "Quận",
    "Thị xã",
    "Xã",
    "Phường",
    "Thị trấn",
    "Đặc khu",
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A unit a letter is about, by its formal name; `through` is "" where it is written directly.

    A company is written itself and answers through its managing department; any other unit with
    somebody between is written through them.
    """

    name: str
    through: str = ""
    is_company: bool = False
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that the words of one letter depend on. `decision` as "Quyết định số … ngày … của …"."""

    form: str
    signed_by: str
    signer: str
    coordinator: str
    decision: str
    period: str
    as_of: dt.date
    new_date: dt.date
    recipients: tuple[Recipient, ...]
    more: str = ""


def form_for(signed_by: str, level: str, kind: str) -> str | None:
    """Whether a unit is urged or asked; None where no letter of its own is ever written to it.

    The coordinator is a department: other bodies of the province are its peers. A village's work
    is part of its commune's.
    """
    if level == "village":
        return None
    directs = signed_by == COMMITTEE or level != "province"
    return URGE if directs and kind in _DIRECTED else REQUEST


def is_directed(kind: str) -> bool:
    """Whether the People's Committee above a body may direct it."""
    return kind in _DIRECTED


def formal_name(name: str, kind: str) -> str:
    """A unit as a letter names it: "Xã Cam Lâm" is its "Ủy ban nhân dân xã Cam Lâm"."""
    if kind != "people_committee" or fold(name).startswith("uy ban"):
        return name
    return f"Ủy ban nhân dân {name[:1].lower()}{name[1:]}"


def place_name(name: str) -> str:
    """Where a document is dated: the territory without the word for its level.

    A city of the central government keeps it (NĐ 30/2020/NĐ-CP, Phụ lục I).
    """
    for level in _TERRITORIES:
        if name.startswith(f"{level} ") and level != "Thành phố":
            return name.removeprefix(f"{level} ")
    return name


def symbol(name: str) -> str:
    """The issuing body in a symbol: "Sở Nội vụ" is "SNV", a People's Committee "UBND"."""
    if fold(name).startswith("uy ban nhan dan"):
        return "UBND"
    words = name.replace("-", " ").replace(",", " ").split()
    return "".join(word[0].upper() for word in words if fold(word) != "va")


def head_title(name: str) -> str:
    """The title of whoever heads a body, as it stands above the signature."""
    folded = fold(name)
    found = (title for word, title in _TITLES.items() if folded.startswith(f"{word} "))
    return next(found, "Thủ trưởng đơn vị")


def about(facts: LetterFacts) -> str:
    """The subject after "V/v"."""
    verb = "đôn đốc" if facts.form == URGE else "đề nghị"
    return f"{verb} thực hiện nhiệm vụ quá hạn {facts.period} theo Bộ khung nhiệm vụ"


def addressees(facts: LetterFacts) -> list[str]:
    """The lines of "Kính gửi": those written to, each once; many go by the annex."""
    lines: list[str] = []
    for one in facts.recipients:
        if one.is_company:
            lines += [one.name, one.through]
        else:
            lines.append(one.through or one.name)
    found = [line for line in dict.fromkeys(lines) if line]
    if len(found) <= _ADDRESSED:
        return found
    return ["Các cơ quan, đơn vị, địa phương có tên tại Phụ lục kèm theo"]


def paragraphs(facts: LetterFacts) -> list[str]:
    """The body: what is overdue, what is asked by when, more words, and where to turn."""
    tasks = sum(one.tasks for one in facts.recipients)
    units = len(facts.recipients)
    who = facts.recipients[0].name if units == 1 else f"{units:02d} cơ quan, đơn vị, địa phương"
    body = [
        f"Thực hiện {facts.decision}; qua theo dõi nhiệm vụ {facts.period}, tính đến ngày "
        f"{facts.as_of:%d/%m/%Y}, {who} còn {tasks:02d} nhiệm vụ quá hạn chưa báo cáo kết quả "
        "(Phụ lục kèm theo).",
        *_asked(facts),
        *(line.strip() for line in facts.more.splitlines() if line.strip()),
        f"Khó khăn, vướng mắc (nếu có), đề nghị phản ánh về {facts.coordinator} để được hướng dẫn "
        "hoặc báo cáo cấp có thẩm quyền xem xét, tháo gỡ.",
    ]
    if facts.signed_by == COMMITTEE:
        body.append(
            f"Giao {facts.coordinator} theo dõi, đôn đốc, tổng hợp kết quả, báo cáo {facts.signer}."
        )
    return [*body[:-1], f"{body[-1].removesuffix('.')}./."]


def told(facts: LetterFacts) -> list[str]:
    """The lines of "Nơi nhận"."""
    lines = ["Như trên"]
    if facts.signed_by == COMMITTEE:
        lines += ["Chủ tịch, các Phó Chủ tịch UBND tỉnh (báo cáo)", facts.coordinator]
    else:
        lines.append("UBND tỉnh (báo cáo)")
    if any(one.through and not one.is_company for one in facts.recipients):
        lines.append("Các đơn vị có tên tại Phụ lục (thực hiện)")
    return [*lines, f"Lưu: VT, {symbol(facts.coordinator)}"]


def _asked(facts: LetterFacts) -> Iterable[str]:
    """One sentence for those written directly, one for each between, one for each company's."""
    by = f"chậm nhất ngày {facts.new_date:%d/%m/%Y}"
    verb = "đôn đốc, yêu cầu" if facts.form == URGE else "đề nghị"
    how = "khẩn trương thực hiện" if facts.form == URGE else "phối hợp thực hiện"
    asked = f"{how}, báo cáo kết quả kèm tài liệu kiểm chứng các nhiệm vụ tại Phụ lục, {by}."
    direct = [one.name for one in facts.recipients if not one.through and not one.is_company]
    if direct:
        yield f"{facts.signer} {verb} {_names(direct)} {asked}"
    between = _by_through(one for one in facts.recipients if one.through and not one.is_company)
    if len(between) > _NAMED:
        yield (
            f"{facts.signer} {verb} các cơ quan, địa phương nêu trên chỉ đạo các đơn vị thuộc "
            f"quyền quản lý có tên tại Phụ lục {asked}"
        )
    else:
        for through, names in between.items():
            yield f"{facts.signer} {verb} {through} chỉ đạo {_names(names)} {asked}"
    for through, names in _by_through(one for one in facts.recipients if one.is_company).items():
        to = through or facts.signer
        yield (
            f"{facts.signer} đề nghị {_names(names)} phối hợp thực hiện các nhiệm vụ tại Phụ lục, "
            f"gửi kết quả kèm tài liệu kiểm chứng về {to} {by}."
        )
        if through:
            yield f"Đề nghị {through} tổng hợp kết quả của doanh nghiệp, trả lời {facts.signer}."


def _by_through(recipients: Iterable[Recipient]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in recipients:
        found.setdefault(one.through, []).append(one.name)
    return found


def _names(names: Sequence[str]) -> str:
    """The names in a sentence, or where they stand when they are too many."""
    if len(names) > _NAMED:
        return "các cơ quan, đơn vị, địa phương có tên tại Phụ lục"
    return " và ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
