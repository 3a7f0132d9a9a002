"""Records the addresses of the access table speak of, made in the small province."""

from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image

from khung.assignments.actions import open_occasion, record_disclosure
from khung.assignments.models import CalendarDay
from khung.base import files
from khung.frameworks.actions import record_meaning
from khung.frameworks.models import Framework
from khung.reminders.models import Letter, ReminderRule
from khung.reports.actions import (
    accept_reports,
    add_reason,
    record_occurrence,
    return_reports,
)
from khung.reports.actions.villages import Village, link_villages, send_from_village
from khung.reports.models import Evidence, EvidenceUse, VillageLink
from khung.reports.village_address import code_of
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.difficulties.ways import raised


def assignment(cast: Cast) -> dict[str, Any]:
    return {"pk": cast.scene.assignment("east1", 2).pk}


def east1(cast: Cast) -> dict[str, Any]:
    return {"pk": cast.scene.units["east1"].pk}


def an_occurrence(cast: Cast) -> dict[str, Any]:
    made = record_occurrence(
        assignment=cast.scene.assignment("east1", 3),
        happened_on=TODAY.date(),
        text="Đối thoại",
        by=cast["officer"],
        now=TODAY,
    )
    return {"pk": made.pk}


def an_occasion(cast: Cast) -> dict[str, Any]:
    occasion, _ = open_occasion(
        framework=cast.scene.framework,
        kind="election",
        title="Bầu cử thử",
        starts_on=TODAY.date(),
        ends_on=TODAY.date(),
        units=[cast.scene.units["east"]],
        by=cast["coordinator"],
        now=TODAY,
    )
    return {"occasion_id": occasion.pk}


def a_disclosure(cast: Cast) -> dict[str, Any]:
    disclosure = record_disclosure(
        framework=cast.scene.framework,
        document_number="1/UBND",
        issued_on=TODAY.date(),
        note="",
        by=cast["coordinator"],
        now=TODAY,
    )
    return {"disclosure_id": disclosure.pk}


def a_calendar_day(cast: Cast) -> dict[str, Any]:
    CalendarDay.objects.create(day="2025-03-03", is_working=False, note="Nghỉ", source="thử")
    return {"day": "2025-03-03"}


def a_published_unit(cast: Cast) -> dict[str, Any]:
    a_disclosure(cast)
    return {"unit_id": cast.scene.units["east1"].pk}


def a_doubt(cast: Cast) -> dict[str, Any]:
    doubt = cast.scene.framework.doubts.create(key="k", code="ocr_slip", message="Chữ lạ")
    return {"doubt_id": doubt.pk}


def a_meaning(cast: Cast) -> dict[str, Any]:
    meaning = record_meaning(
        framework=cast.scene.framework,
        task_version=None,
        role="guiding",
        phrase="Sở Ngoại vụ",
        actors=(),
        reason="Thử",
        by=cast["coordinator"],
        now=TODAY,
    )
    return {"meaning_id": meaning.pk}


def a_decision(cast: Cast) -> dict[str, Any]:
    file = files.store(b"chu", name="d.txt", now=TODAY)
    Framework.objects.update(file=file)
    return {}


def a_colleague(cast: Cast) -> dict[str, Any]:
    return {"pk": person("officer", cast.scene.units["west1"]).pk}


def a_held_role(cast: Cast) -> dict[str, Any]:
    return {"held_id": person("officer", cast.scene.units["west1"]).roles.get().pk}


def a_difficulty(cast: Cast) -> dict[str, Any]:
    return {"pk": raised(cast).pk}


def a_rule(cast: Cast) -> dict[str, Any]:
    return {"pk": ReminderRule.objects.create(kind="after", working_days=2).pk}


def a_piece(cast: Cast, content_type: str = "application/pdf") -> Evidence:
    """A file in a report that was sent, so that all who see the report may open it."""
    turn = cast.send(cast.scene.assignment("east1", 2))
    file = files.store(a_picture(), name="a.png", now=TODAY)
    kept = Evidence.objects.create(
        unit=turn.assignment.unit,
        kind=Evidence.Kind.FILE,
        title="a.png",
        file=file,
        content_type=content_type,
        added_at=TODAY,
    )
    EvidenceUse.objects.create(report=turn.report, evidence=kept)
    return kept


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return out.getvalue()


def a_use(cast: Cast) -> dict[str, Any]:
    """A piece of a report that came back, from which the next draft begins."""
    turn = cast.send(cast.scene.assignment("east1", 2))
    return_reports(
        judged=[turn.pk], points=[], text="Thiếu", redo_by=None, by=cast["guide"], now=TODAY
    )
    return {"use_id": turn.report.uses.get().pk}


def a_letter(cast: Cast, number: str = "") -> dict[str, Any]:
    """A draft; with a number it was issued, to a commune and to the guide's department."""
    letter = Letter.objects.create(
        period=cast.scene.period("2025-Q1"),
        from_unit=cast.scene.units["home"],
        new_date=TODAY.date(),
        made_by=cast["coordinator"],
        made_at=TODAY,
        number=number,
        issued_on=TODAY.date() if number else None,
        signed_file=files.store(b"%PDF-1.4", name="ky.pdf", now=TODAY) if number else None,
    )
    for code in ("east1", "health"):
        letter.recipients.create(unit=cast.scene.units[code])
    return {"pk": letter.pk}


def an_issued_letter(cast: Cast) -> dict[str, Any]:
    return a_letter(cast, "1/SNV")


def a_task_version(cast: Cast) -> dict[str, Any]:
    return {"pk": cast.scene.framework.tasks.get(no=2).pk}


def an_accepted_report(cast: Cast) -> dict[str, Any]:
    turn = cast.send(cast.scene.assignment("east1", 2))
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    return {"pk": turn.assignment_id}


def a_return_reason(cast: Cast) -> dict[str, Any]:
    return {"pk": add_reason(text="Thiếu ảnh", by=cast["coordinator"], now=TODAY).pk}


def a_village_link(cast: Cast) -> VillageLink:
    """A village's link to the first task of the first commune."""
    asked = cast.scene.assignment("east1", 1)
    linked = link_villages(
        unit=asked.unit,
        named=[Village("Thôn 2")],
        asked="",
        assignments=[asked],
        expires_on=asked.locks_on,
        by=cast["officer"],
        now=TODAY,
    )
    return linked.made[0]


def a_village_code(cast: Cast) -> dict[str, Any]:
    return {"code": code_of(a_village_link(cast).nonce)}


def a_village_sending(cast: Cast) -> dict[str, Any]:
    sending = send_from_village(
        link=a_village_link(cast),
        client_key=uuid4(),
        assignment=None,
        text="Đã niêm yết",
        photos=(),
        by="Thôn 2",
        now=TODAY,
    )
    return {"pk": sending.pk}
