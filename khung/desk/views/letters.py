"""Reading letters of urging: the list with what followed, one letter, its files."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.base import clock, files
from khung.base.downloads import download
from khung.base.wording import number, period_name
from khung.base.writers.official_docx.head import day_words
from khung.desk import asked
from khung.desk.exports import exported
from khung.desk.permissions import DeskRequest, requires
from khung.desk.templatetags.letters import letter_state_name
from khung.reminders.letter_effects import Effect, effects
from khung.reminders.letters import content, reading
from khung.reminders.models import Letter
from khung.rules import letters as rules
from khung.rules.permissions import Permission
from khung.rules.text import fold, squeeze

PAGE_SIZE = 25
ITEMS_SIZE = 50
# More letters than this make a file too large to be of use.
MOST_IN_ZIP = 500
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READERS = (Permission.VIEW_ALL_WORK, Permission.VIEW_OWN_UNIT_WORK)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the list."""

    letter: Letter
    effect: Effect | None
    today: dt.date

    @property
    def state(self) -> str:
        return reading.state_of(self.letter)

    @property
    def names(self) -> str:
        """The first recipients by name, and how many more."""
        first = self.letter.first_recipients  # type: ignore[attr-defined]
        named = ", ".join(one.unit.name for one in first)
        more = self.letter.units - len(first)  # type: ignore[attr-defined]
        if not more:
            return named
        return gettext("%(names)s và %(n)s đơn vị khác") % {"names": named, "n": number(more)}

    @property
    def is_over(self) -> bool:
        return self.effect is not None and self.effect.is_over(self.today)


def _wanted(request: DeskRequest) -> reading.LettersWanted:
    by_code = {period.code: period for period in asked.opened(request)}
    state = request.GET.get("state", "")
    return reading.LettersWanted(
        period=by_code.get(request.GET.get("period", "")),
        state=state if state in reading.STATES else "",
        words=squeeze(request.GET.get("q", ""))[:200],
    )


@requires(*READERS)
@require_safe
def letters(request: DeskRequest) -> HttpResponse:
    """The letters a person may read, the newest first, with what followed those issued.

    `?export=xlsx|csv` gives them as a file.
    """
    wanted = _wanted(request)
    seen = reading.visible_to(request.acting)
    found = reading.for_list(reading.narrowed(seen, wanted))
    if file := exported(request, found, "cong-van-don-doc", _columns(), _cells):
        return file
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    followed, today = effects(page.object_list), clock.today()
    sees_all = request.acting.may(Permission.VIEW_ALL_WORK)
    return render(
        request,
        "desk/letters/list.html",
        {
            "page": page,
            "rows": [LetterRow(one, followed.get(one.pk), today) for one in page],
            "wanted": wanted,
            "periods": asked.opened(request),
            "states": reading.STATES,
            "narrowed_to": _narrowed_to(wanted, sees_all),
            "drafts": reading.in_state(seen, reading.DRAFT).count() if sees_all else 0,
            "sees_all": sees_all,
            "may_write": request.acting.may(Permission.WRITE_LETTER),
        },
    )


def _columns() -> list[str]:
    """The head of the list as a file."""
    return [
        gettext("Số công văn"),
        gettext("Ngày phát hành"),
        gettext("Gửi"),
        gettext("Kỳ"),
        gettext("Nhiệm vụ quá hạn"),
        gettext("Hạn mới"),
        gettext("Tình trạng"),
        gettext("Đã báo cáo trong 5 ngày làm việc"),
        gettext("Đã báo cáo trong 10 ngày làm việc"),
    ]


def _cells(found: Sequence[Letter]) -> Iterator[Sequence[object]]:
    """Letters under `_columns`, with what followed those issued."""
    followed, today = effects(found), clock.today()
    for one in found:
        row, effect = LetterRow(one, followed.get(one.pk), today), followed.get(one.pk)
        draft = gettext("Dự thảo ngày %(day)s") % {"day": f"{localtime(one.made_at):%d/%m/%Y}"}
        yield (
            one.number or draft,
            one.issued_on,
            row.names,
            period_name(one.period.code),
            one.tasks,  # type: ignore[attr-defined]
            one.new_date,
            letter_state_name(row.state),
            effect.soon if effect else None,
            effect.later if effect else None,
        )


def _narrowed_to(wanted: reading.LettersWanted, sees_all: bool) -> list[tuple[str, str]]:
    everything = gettext("tất cả")
    period = period_name(wanted.period.code) if wanted.period else everything
    parts = [(gettext("Kỳ"), period)]
    if sees_all:
        state = letter_state_name(wanted.state) or everything
        parts.append((gettext("Tình trạng"), state))
    if wanted.words:
        parts.append((gettext("Có chữ"), wanted.words))
    return parts


def _letters(request: DeskRequest) -> QuerySet[Letter]:
    return content.readable(reading.visible_to(request.acting))


@requires(*READERS)
@require_safe
def letter(request: DeskRequest, pk: int) -> HttpResponse:
    """One letter: what it says, to whom, the overdue work it lists, and what followed."""
    found = get_object_or_404(_letters(request), pk=pk)
    text = content.texts([found])[0]
    today = clock.today()
    effect = effects([found]).get(found.pk)
    state = reading.state_of(found)
    return render(
        request,
        "desk/letters/letter.html",
        {
            "letter": found,
            "text": text,
            "state": state,
            "about": rules.about(text.facts),
            "addressees": rules.addressees(text.facts),
            "paragraphs": rules.paragraphs(text.facts),
            "told": rules.told(text.facts),
            "dated": day_words(found.issued_on),
            "effect": effect,
            "is_over": effect is not None and effect.is_over(today),
            "page": Paginator(text.items, ITEMS_SIZE).get_page(request.GET.get("page")),
            "several": len(text.facts.recipients) > 1,
            "may_record": state == reading.DRAFT and request.acting.may(Permission.WRITE_LETTER),
        },
    )


@requires(*READERS)
@require_safe
def letter_docx(request: DeskRequest, pk: int) -> HttpResponse:
    """The letter as docx, for the clerk to number and for the head to sign."""
    found = get_object_or_404(_letters(request), pk=pk)
    text = content.texts([found])[0]
    return download(content.as_docx(text), f"cong-van-{_name(text)}.docx", DOCX)


@requires(*READERS)
@require_safe
def signed_letter(request: DeskRequest, pk: int) -> HttpResponse:
    """The signed file as the clerk recorded it, handed out to be saved, never opened here."""
    found = get_object_or_404(
        reading.visible_to(request.acting).select_related("signed_file"), pk=pk
    )
    if found.signed_file is None:
        raise Http404
    try:
        data = files.read(found.signed_file)
    except OSError as lost:
        raise Http404 from lost
    name = f"cong-van-{slugify(fold(found.number.replace('/', '-')))}.pdf"
    return download(data, name, "application/pdf")


@requires(Permission.WRITE_LETTER)
@require_safe
def letters_zip(request: DeskRequest) -> HttpResponse:
    """The letters of the list as it is narrowed, one docx each, in one zip."""
    wanted = _wanted(request)
    found = reading.narrowed(reading.visible_to(request.acting), wanted).order_by("-made_at", "-id")
    if not wanted.state:
        found = found.filter(withdrawn_at__isnull=True)
    ids = list(found.values_list("pk", flat=True)[: MOST_IN_ZIP + 1])
    if not ids or len(ids) > MOST_IN_ZIP:
        said = gettext("Không có công văn nào để tải.") if not ids else _too_many()
        messages.error(request, said)
        return redirect("letters")
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for text in content.texts(content.readable(Letter.objects.filter(pk__in=ids))):
            target.writestr(f"{_name(text)}.docx", content.as_docx(text))
    return download(packed.getvalue(), "cong-van-don-doc.zip", "application/zip")


def _too_many() -> str:
    return gettext("Mỗi lần tải nhiều nhất %(n)s công văn; hãy lọc theo kỳ hoặc tình trạng.") % {
        "n": number(MOST_IN_ZIP)
    }


def _name(text: content.LetterText) -> str:
    """A name for the file: the letter's number or id, and its recipient where there is one."""
    recipients = text.facts.recipients
    whom = recipients[0].name if len(recipients) == 1 else f"{len(recipients)} đơn vị"
    which = text.letter.number.replace("/", "-") or f"du thao {text.letter.pk}"
    return slugify(fold(f"{which} {whom}"))[:120]
