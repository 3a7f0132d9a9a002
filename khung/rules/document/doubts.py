"""What a person should settle after reading: labels out of place, slips, phrases left open."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

from khung.rules import actors, timing
from khung.rules.document.contents import Draft
from khung.rules.document.labels import Label, Place
from khung.rules.document.slips import Slip, Vocabulary, find_slips
from khung.rules.document.tree import FIELDS, Doubt, Item
from khung.rules.taxonomy import dimension_name, dimensions, subdimension_name, subdimensions

_FREQUENCY = re.compile(r"\b(?:hàng|hằng|mỗi) (?P<cycle>năm|quý|tháng|tuần)\b(?! học)", re.I)
_CYCLES = {"năm": "year", "quý": "quarter", "tháng": "month", "tuần": "week"}
_PERIODIC = ("counted", "recurring")
_ACTOR_PROPOSALS = {
    actors.COMMUNES_MEANT: actors.COMMUNES_INCLUDED,
    "actor_company": "Đề nghị phối hợp, không giao nhiệm vụ",
}


def slip_doubt(slip: Slip, task: int | None, line: int, name: str | None) -> Doubt:
    """A slip of the scan, with what was probably meant."""
    message = f"“{slip.context}”: đọc là “{slip.raw}”, có thể đúng là “{slip.proposal}”."
    return Doubt("ocr_slip", message, task, line, name, slip.raw, slip.proposal)


def doubt_labels(
    labels: Sequence[Label],
    drafts: Sequence[Draft],
    found: Sequence[Place],
    year: int,
    vocabulary: Vocabulary,
) -> list[Doubt]:
    """Note doubts about labels on the drafts they begin at; return those about the whole table."""
    for label in labels:
        draft = drafts[label.begins]
        name = "subdimension" if label.match.subdimension else "dimension"
        line = label.pieces[0].line
        odd = _oddity(label, drafts)
        if odd:
            code, message = odd
            draft.doubt(code, message, name, label.text, label.match.name, line)
        slips = find_slips(label.text, vocabulary)
        draft.doubts += [slip_doubt(slip, draft.no, line, name) for slip in slips]
    sections = [label for label in labels if label.match.subdimension]
    for before, after in pairwise(sections):
        if (after.match.subdimension or "") < (before.match.subdimension or ""):
            drafts[after.begins].doubt(
                "label_order",
                f"Nội dung thành phần {after.match.subdimension} đứng sau "
                f"{before.match.subdimension}, khác thứ tự của PAPI.",
                "subdimension",
                after.text,
            )
    _doubt_places(labels, drafts, found)
    return _unnamed(labels, year)


def doubt_phrases(
    draft: Draft,
    items: Mapping[str, Sequence[Item]],
    actor_doubts: Callable[[str], Sequence[str]],
) -> None:
    """Note what the rules for actors and timing leave open in a task, and a lost bracket.

    `actor_doubts` gives the codes of an actor phrase in this document.
    """
    for name in ("guiding", "implementing"):
        for item in items[name]:
            for code in actor_doubts(item.corrected or item.text):
                message = f"{actors.DOUBTS[code]}: “{item.text}”."
                proposal = item.corrected or _ACTOR_PROPOSALS.get(code)
                draft.doubt(code, message, name, item.text, proposal, item.line)
    for item in items["timing"]:
        for code in timing.parse_timing(item.corrected or item.text).doubts:
            message = f"{timing.DOUBTS[code]}: “{item.text}”."
            draft.doubt(
                code, message, "timing", item.text, timing.proposed_wording(item.text), item.line
            )
    for name, found in items.items():
        for item in found:
            if item.text.count("(") != item.text.count(")"):
                message = f"Thiếu dấu ngoặc trong “{item.text}”."
                draft.doubt("bracket_lost", message, name, item.text, None, item.line)
    _doubt_frequency(draft, items)


def _oddity(label: Label, drafts: Sequence[Draft]) -> tuple[str, str] | None:
    line = label.pieces[0].line
    column = FIELDS["subdimension" if label.match.subdimension else "dimension"]
    begins = drafts[label.begins]
    if label.begins != label.pieces[0].record:
        return "label_row", (
            f"Nhãn “{label.text}” đứng ở dòng {line} nhưng được hiểu là bắt đầu "
            f"từ nhiệm vụ {begins.no} (dòng {begins.lines[0]})."
        )
    if label.split:
        return "label_split", (
            f"Nhãn “{label.match.name}” bị cắt, các phần nằm ở cột hoặc nhiệm vụ khác nhau: "
            + " | ".join(f"“{piece.text}” (dòng {piece.line})" for piece in label.pieces)
            + "."
        )
    if not label.in_column:
        return "label_column", f"Nhãn “{label.text}” không đứng ở cột “{column}”."
    if label.better is not None:
        other = drafts[label.better]
        return "label_position", (
            f"Nhãn “{label.text}” đứng ở nhiệm vụ {begins.no}, nhưng theo nội dung công việc "
            f"thì có thể bắt đầu từ nhiệm vụ {other.no}."
        )
    return None


def _doubt_places(labels: Sequence[Label], drafts: Sequence[Draft], found: Sequence[Place]) -> None:
    named = {label.match.dimension for label in labels if label.match.subdimension}
    headed = {label.match.dimension for label in labels if not label.match.subdimension}
    seen: set[int] = set()
    for draft, (dimension, subdimension) in zip(drafts, found, strict=True):
        if dimension is None:
            draft.doubt("dimension_unknown", "Không rõ thuộc nội dung nào.", "dimension", "")
            continue
        if dimension not in headed and dimension not in seen:
            draft.doubt(
                "dimension_inferred",
                f"Bảng không ghi tên nội dung {dimension}; suy ra từ nội dung thành phần.",
                "dimension",
                "",
                dimension_name(dimension),
            )
        seen.add(dimension)
        if subdimension is None and dimension in named:
            message = "Không rõ thuộc nội dung thành phần nào."
            draft.doubt("subdimension_unknown", message, "subdimension", "")


def _unnamed(labels: Sequence[Label], year: int) -> list[Doubt]:
    """What PAPI measures in `year` and the table leaves out: dimensions, then their parts."""
    headed = {label.match.dimension for label in labels}
    doubts = _absent_dimensions(headed, year) if headed else []
    have = {label.match.subdimension for label in labels}
    for dimension in sorted(headed):
        codes = [s.code for s in subdimensions(year) if s.dimension == dimension]
        absent = [code for code in codes if code not in have]
        if not absent:
            continue
        names = ", ".join(f"{code} {subdimension_name(code, year)}" for code in absent)
        if absent == codes:
            message = (
                f"Nội dung {dimension} “{dimension_name(dimension)}” không ghi nội dung thành phần "
                f"nào (PAPI {year} có: {names}); để trống."
            )
        else:
            message = f"Nội dung {dimension} không thấy nội dung thành phần: {names}."
        doubts.append(
            Doubt(
                "subdimensions_unnamed" if absent == codes else "subdimension_absent",
                message,
                None,
                None,
                "subdimension",
                ", ".join(absent),
            )
        )
    return doubts


def _absent_dimensions(headed: Collection[int], year: int) -> list[Doubt]:
    absent = [one for one in dimensions(year) if one.no not in headed]
    if not absent:
        return []
    names = ", ".join(f"{one.no} {one.vi}" for one in absent)
    message = f"Bảng không có nội dung: {names}. Có thể tên nội dung bị mất hoặc lẫn vào ô khác."
    raw = ", ".join(str(one.no) for one in absent)
    return [Doubt("dimension_absent", message, None, None, "dimension", raw)]


def _doubt_frequency(draft: Draft, items: Mapping[str, Sequence[Item]]) -> None:
    """A frequency in the content against a timing that names another, or "Thường xuyên"."""
    parts = [part for item in items["timing"] for part in timing.parse_timing(item.text).parts]
    for item in items["content"]:
        said = _FREQUENCY.search(item.text)
        if not said or not parts:
            continue
        cycle = _CYCLES[said["cycle"].lower()]
        if all(
            part.kind == "continuous" or (part.kind in _PERIODIC and part.per != cycle)
            for part in parts
        ):
            when = "; ".join(one.text for one in items["timing"])
            draft.doubt(
                "frequency_differs",
                f"Nội dung công việc ghi “{said[0]}” nhưng thời gian thực hiện là “{when}”.",
                "timing",
                when,
                said[0][0].upper() + said[0][1:],
                item.line,
            )
            return
