"""The text of letters, from their records: as pages show it and as docx."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone, translation

from khung.base.wording import period_name
from khung.base.writers import official_docx as docx
from khung.frameworks.models import Decision, TaskItem
from khung.frameworks.queries import in_force_on, province_on
from khung.frameworks.tasks import in_columns
from khung.orgs.models import Unit, UnitName
from khung.orgs.queries import on
from khung.reminders.models import Letter, LetterItem, LetterRecipient
from khung.rules import letters as rules
from khung.rules.text import office_name

ILLUSTRATIVE = "(Văn bản minh họa: số liệu không phải của cơ quan nào)"
_STATES = {"returned": "bị trả lại, chưa gửi lại", "in_progress": "đang thực hiện, chưa báo cáo"}
_WIDTHS_ONE = (14, 100, 55, 28, 35)
_WIDTHS_MANY = (14, 45, 82, 48, 28, 35)


@dataclass(frozen=True, slots=True)
class Item:
    """An overdue task as the annex lists it."""

    unit: str
    task: str
    guide: str
    due_on: dt.date
    standing: str


@dataclass(frozen=True, slots=True)
class LetterText:
    """All that one letter says."""

    letter: Letter
    facts: rules.LetterFacts
    issuer_parent: str
    place: str
    items: tuple[Item, ...]

    @property
    def symbol(self) -> str:
        """The number as recorded, or room for it before the symbol."""
        by_committee = self.facts.signed_by == rules.COMMITTEE
        open_symbol = f"/{rules.symbol(self.facts.signer)}-" + (
            rules.symbol(self.facts.coordinator) if by_committee else ""
        )
        return self.letter.number or open_symbol


def readable(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """The letters with all that their text needs: a fixed number of queries for any number."""
    words = TaskItem.objects.filter(field__in=(TaskItem.Field.CONTENT, TaskItem.Field.METHOD))
    items = (
        LetterItem.objects.select_related("assignment__unit", "assignment__guide")
        .prefetch_related(
            Prefetch("assignment__task_version__items", words.order_by("field", "position"))
        )
        .order_by("assignment__unit__sort_key", "assignment__unit_id", "due_on", "id")
    )
    recipients = LetterRecipient.objects.select_related("unit", "through").order_by(
        "unit__sort_key", "id"
    )
    return letters.select_related("period", "from_unit", "made_by").prefetch_related(
        Prefetch("recipients", recipients), Prefetch("items", items)
    )


def texts(letters: Iterable[Letter]) -> list[LetterText]:
    """What letters read by `readable` say, in Vietnamese for every reader.

    Names are those of the day each was made.
    """
    found = list(letters)
    days = {timezone.localdate(letter.made_at) for letter in found}
    settings = {day: _Setting.on(day, _units_of(found)) for day in sorted(days)}
    with translation.override("vi"):
        return [_text(letter, settings[timezone.localdate(letter.made_at)]) for letter in found]


@dataclass(frozen=True, slots=True)
class _Setting:
    """What letters of one day share: the province, the Decision, what units were called."""

    day: dt.date
    province: str
    decision: str
    names: Mapping[int, str]

    @classmethod
    def on(cls, day: dt.date, units: set[int]) -> "_Setting":
        province, framework = province_on(day), in_force_on(day)
        dated = UnitName.objects.filter(on(day), unit__in=units)
        return cls(
            day,
            province.name if province else "",
            _decision(framework.decision) if framework else "Bộ khung nhiệm vụ",
            dict(dated.values_list("unit_id", "name")),
        )

    def formal(self, unit: Unit | None) -> str:
        if unit is None:
            return ""
        return rules.formal_name(self.names.get(unit.pk, unit.name), unit.kind)


def _units_of(letters: Iterable[Letter]) -> set[int]:
    found: set[int] = set()
    for letter in letters:
        found.add(letter.from_unit_id)
        for one in letter.recipients.all():
            found |= {one.unit_id, *([one.through_id] if one.through_id else [])}
    return found


def _decision(decision: Decision) -> str:
    title = decision.title
    return (
        f"Quyết định số {decision.number} ngày {decision.issued_on:%d/%m/%Y} của "
        f"{office_name(decision.issuer)} {title[:1].lower()}{title[1:]}"
    )


def _text(letter: Letter, setting: _Setting) -> LetterText:
    committee = rules.formal_name(setting.province, "people_committee")
    coordinator = setting.names.get(letter.from_unit_id, letter.from_unit.name)
    by_committee = letter.signed_by == Letter.SignedBy.COMMITTEE
    items = list(letter.items.all())
    tasks: dict[int, int] = {}
    for item in items:
        tasks[item.assignment.unit_id] = tasks.get(item.assignment.unit_id, 0) + 1
    facts = rules.LetterFacts(
        form=letter.form,
        signed_by=letter.signed_by,
        signer=committee if by_committee else coordinator,
        coordinator=coordinator,
        decision=setting.decision,
        period=period_name(letter.period.code),
        as_of=setting.day,
        new_date=letter.new_date,
        recipients=tuple(
            rules.Recipient(
                setting.formal(one.unit),
                setting.formal(one.through),
                one.unit.kind == rules.COMPANY,
                tasks.get(one.unit_id, 0),
            )
            for one in letter.recipients.all()
        ),
        more=letter.body,
    )
    return LetterText(
        letter,
        facts,
        "" if by_committee else committee,
        rules.place_name(setting.province),
        tuple(_item(item, setting) for item in items),
    )


def _item(item: LetterItem, setting: _Setting) -> Item:
    it = item.assignment
    task = in_columns(it.task_version)
    return Item(
        unit=setting.formal(it.unit),
        task=f"{task.no}. {task.title}",
        guide=it.guide.name if it.guide else "",
        due_on=item.due_on,
        standing=_STATES.get(item.state, "chưa báo cáo"),
    )


def as_docx(text: LetterText) -> bytes:
    """The letter in the layout of NĐ 30/2020/NĐ-CP; number and date open until recorded."""
    facts, letter = text.facts, text.letter
    by_committee = facts.signed_by == rules.COMMITTEE
    head = docx.Head(
        issuer_parent=text.issuer_parent,
        issuer=facts.signer,
        number_symbol=text.symbol,
        place=text.place,
        day=letter.issued_on,
        kind_title="",
        about=rules.about(facts),
        is_letter=True,
    )
    blocks: list[docx.Block] = [docx.Addressees(rules.addressees(facts))]
    if letter.is_illustrative:
        blocks.insert(0, docx.Paragraph(ILLUSTRATIVE, italic=True, centred=True))
    blocks += [docx.Paragraph(words) for words in rules.paragraphs(facts)]
    blocks.append(
        docx.Signature(
            "TM. Ủy ban nhân dân" if by_committee else "",
            "Chủ tịch" if by_committee else rules.head_title(facts.signer),
            letter.signer,
        )
    )
    blocks.append(docx.Recipients(rules.told(facts)))
    blocks += _annex(text)
    return docx.document(head, blocks)


def _annex(text: LetterText) -> Sequence[docx.Block]:
    number = text.letter.number or f"       {text.symbol}"
    day = text.letter.issued_on
    dated = f"ngày {day:%d/%m/%Y}" if day else "ngày       tháng       năm       "
    several = len(text.facts.recipients) > 1
    rows = []
    for place, item in enumerate(text.items, 1):
        unit = (item.unit,) if several else ()
        rows.append(
            (str(place), *unit, item.task, item.guide, f"{item.due_on:%d/%m/%Y}", item.standing)
        )
    columns = ("STT", *(("Đơn vị",) if several else ()), "Nhiệm vụ", "Cơ quan hướng dẫn, kiểm tra")
    return [
        docx.Annex(
            f"Nhiệm vụ quá hạn {text.facts.period}",
            f"(Kèm theo Công văn số {number} {dated} của {text.facts.signer})",
            landscape=True,
        ),
        docx.Table(
            (*columns, "Hạn báo cáo", "Tình trạng"),
            rows,
            _WIDTHS_MANY if several else _WIDTHS_ONE,
            landscape=True,
            centred=frozenset({0, len(columns)}),
        ),
    ]
