"""What the templates of evidence say with."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext

from khung.base.wording import number
from khung.frameworks.models import TaskItem
from khung.orgs.acting import NOBODY
from khung.reports import proofs as reading
from khung.reports import uploads
from khung.reports.models import Evidence, EvidenceUse
from khung.rules import evidence as rules
from khung.rules.methods import EVIDENCE_LABELS

register = template.Library()

FORMS = {
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "application/pdf": "PDF",
    uploads.DOCX: "DOCX",
    uploads.XLSX: "XLSX",
}


@dataclass(frozen=True, slots=True)
class Group:
    """What stands under one method, or under the whole task where it is None.

    `advice` names what the kind of the method asks for and nothing here shows yet.
    """

    method: TaskItem | None
    uses: list[EvidenceUse]
    advice: str = ""


@register.simple_tag
def proof_groups(proofs: Sequence[EvidenceUse], methods: Sequence[TaskItem]) -> list[Group]:
    """The pieces by method in the Decision's order, then those for the whole task."""
    found = [
        Group(method, uses, _advice(method, uses))
        for method in methods
        for uses in [[use for use in proofs if use.method_id == method.pk]]
    ]
    known = {method.pk for method in methods}
    return [*found, Group(None, [use for use in proofs if use.method_id not in known])]


def _advice(method: TaskItem, uses: Sequence[EvidenceUse]) -> str:
    kinds = Evidence.Kind
    pieces = [use.evidence for use in uses]
    codes = rules.still_missing(
        method.kind,
        any(piece.kind in (kinds.FILE, kinds.RECORD) for piece in pieces),
        sum(piece.kind in (kinds.LINK, kinds.RECORD) for piece in pieces),
        {name for piece in pieces for name in piece.details},
    )
    words = [gettext(EVIDENCE_LABELS[code]).lower() for code in codes]
    return "; ".join(words)


@register.simple_tag(takes_context=True)
def may_open(context: template.Context, piece: Evidence) -> bool:
    """Whether the reader of the page may open a piece they are shown."""
    acting = getattr(context.get("request"), "acting", NOBODY)
    return reading.may_open(acting, piece)


@register.filter
def is_image(piece: Evidence) -> bool:
    """Whether a small picture of it can be shown."""
    return piece.file_id is not None and piece.content_type in uploads.IMAGES


@register.filter
def is_over(piece: Evidence, today: dt.date) -> bool:
    """Whether its validity has ended."""
    return piece.valid_until is not None and piece.valid_until < today


@register.filter
def said_of(piece: Evidence) -> list[tuple[str, str]]:
    """(label, value) of what was said of it: place, dates, figures."""
    return [(gettext(label), value) for label, value in rules.readable(piece.details)]


@register.filter
def withdrawn(piece: Evidence) -> str:
    """Since when the record it was made of is withdrawn: "03/03/2025"; "" while it stands."""
    day = piece.details.get("withdrawn_on", "")
    return f"{dt.date.fromisoformat(day):%d/%m/%Y}" if day else ""


@register.filter
def what_it_is(piece: Evidence) -> str:
    """Its form in a word or two: "PDF, 1,2 MB", "liên kết", "số liệu"."""
    if piece.file is not None:
        form = FORMS.get(piece.content_type, gettext("tệp"))
        return f"{form}, {file_size(piece.file.size)}"
    words: dict[str, str] = {
        Evidence.Kind.LINK: gettext("đường dẫn"),
        Evidence.Kind.FIGURES: gettext("số liệu"),
        Evidence.Kind.RECORD: gettext("bản ghi trong Khung"),
    }
    return words.get(piece.kind, "")


@register.filter
def file_size(size: int) -> str:
    """Bytes as people say them: "840 KB", "1,2 MB"."""
    if size < 1024 * 1024:
        return f"{number(max(1, round(size / 1024)))} KB"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + " MB"


@register.simple_tag
def icon_of(piece: Evidence) -> Any:
    """The name of the icon for a piece without a picture."""
    kinds: dict[str, str] = {
        Evidence.Kind.LINK: "link",
        Evidence.Kind.FIGURES: "list-bullet",
        Evidence.Kind.RECORD: "clipboard-document-check",
    }
    return kinds.get(piece.kind, "document-text")


@register.simple_tag
def upload_limit() -> int:
    """The largest file taken, in bytes."""
    return int(settings.UPLOAD_LIMIT_MB) * 1024 * 1024


@register.simple_tag
def upload_accept() -> str:
    """The extensions a browser offers to choose."""
    return uploads.ACCEPT
