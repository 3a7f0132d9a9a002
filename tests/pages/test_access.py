"""Every address of the site × every role. A new page without a row here fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from khung.assignments.actions import open_occasion, record_disclosure
from khung.assignments.models import CalendarDay
from khung.base import files
from khung.desk.permissions import is_undeclared
from khung.frameworks.actions import record_meaning
from khung.frameworks.models import Framework
from khung.reminders.models import Letter, ReminderRule
from khung.reports.actions import (
    accept_reports,
    add_reason,
    record_occurrence,
    return_reports,
)
from khung.reports.models import Evidence, EvidenceUse
from khung.rules.permissions import ROLES
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.difficulties.ways import raised
from tests.pages.access_unit_side import a_leave, a_proposal, a_signed_paper, an_exempted

ANONYMOUS = "anonymous"
EVERYBODY = frozenset({ANONYMOUS, *ROLES})
SIGNED_IN = frozenset(ROLES)
OFFICIALS = SIGNED_IN - {"operator"}
WORKERS = frozenset({"officer", "head", "guide", "coordinator"})
# Those who write for their unit, and who enters for one that cannot.
WRITERS = frozenset({"officer", "head", "coordinator"})
COORDINATOR = frozenset({"coordinator"})
REPORTERS = frozenset({"officer", "head"})
KEEPERS = frozenset({"coordinator", "operator"})
JUDGES = frozenset({"guide", "coordinator"})

Parts = Callable[[Cast], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """Who is served an address; `parts` fill it, `answer` is what those served get.

    `elsewhere` are those sent on to another page because there is nothing here for them.
    """

    may: frozenset[str]
    parts: Parts = field(default=lambda cast: {})
    answer: int = 200
    is_post: bool = False
    elsewhere: frozenset[str] = frozenset()


def assignment(cast: Cast) -> dict[str, Any]:
    return {"pk": cast.scene.assignment("east1", 2).pk}


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


TABLE: dict[str, Row] = {
    # the day's work
    "start": Row(SIGNED_IN, answer=302),
    "setup": Row(COORDINATOR),
    "choose_unit": Row(SIGNED_IN, answer=302, is_post=True),
    "my_work": Row(WORKERS),
    # reporting
    "report_line": Row(OFFICIALS, assignment),
    "save_report": Row(WRITERS, assignment, answer=422, is_post=True),
    "send_many": Row(WRITERS, answer=302, is_post=True),
    "hand_in": Row(WRITERS, answer=302, is_post=True),
    "copy_last_of_all": Row(WRITERS, answer=302, is_post=True),
    "copy_last": Row(WRITERS, assignment, answer=302, is_post=True),
    "withdraw_report": Row(WRITERS, assignment, answer=302, is_post=True),
    "record_occurrence": Row(WRITERS, assignment, answer=422, is_post=True),
    "withdraw_occurrence": Row(WRITERS, an_occurrence, answer=302, is_post=True),
    # judging
    "judging": Row(JUDGES),
    "accept_reports": Row(JUDGES, answer=302, is_post=True),
    "return_reports": Row(JUDGES, answer=302, is_post=True),
    "pass_on_reports": Row(JUDGES, answer=302, is_post=True),
    "assign_reviewer": Row(JUDGES, answer=302, is_post=True),
    "judge_together": Row(JUDGES),
    "judge_together_task": Row(JUDGES, a_task_version, answer=302),
    "reopen_report": Row(JUDGES, an_accepted_report),
    "judging_plans": Row(JUDGES),
    "set_judging_plan": Row(COORDINATOR, answer=302),
    "compulsory_methods": Row(JUDGES, a_task_version),
    "return_reasons": Row(JUDGES),
    "propose_reasons": Row(COORDINATOR, answer=302, is_post=True),
    "move_reason": Row(COORDINATOR, answer=302, is_post=True),
    "reword_reason": Row(COORDINATOR, a_return_reason),
    "retire_reason": Row(COORDINATOR, a_return_reason, answer=302, is_post=True),
    # what is given, and how it stands
    "assignment": Row(OFFICIALS, assignment),
    "board_ranking": Row(frozenset({"head", "coordinator", "leader", "observer"})),
    "board_trend": Row(frozenset({"head", "coordinator", "leader", "observer"})),
    "board_map": Row(frozenset({"head", "coordinator", "leader", "observer"})),
    "board_guides": Row(frozenset({"coordinator", "leader", "observer"})),
    "work_list": Row(OFFICIALS),
    "board": Row(frozenset({"head", "coordinator", "leader", "observer"})),
    # difficulties
    "difficulties": Row(OFFICIALS),
    "raise_difficulty": Row(frozenset({"officer", "head"})),
    "difficulty": Row(OFFICIALS, a_difficulty),
    # reminders
    "digests": Row(SIGNED_IN),
    # whose digest it is, is tested in test_reminders
    "read_digest": Row(SIGNED_IN, lambda cast: {"pk": 0}, answer=404, is_post=True),
    "preference": Row(SIGNED_IN),
    "reminder_rules": Row(COORDINATOR),
    "begin_rules": Row(COORDINATOR, answer=302, is_post=True),
    "switch_rule": Row(COORDINATOR, a_rule, answer=302, is_post=True),
    "outbox": Row(KEEPERS),
    "retry_messages": Row(KEEPERS, answer=302, is_post=True),
    # evidence
    "add_evidence": Row(WRITERS, assignment),
    "reuse_evidence": Row(WRITERS, assignment),
    "carry_over": Row(WRITERS, assignment, answer=302, is_post=True),
    "change_evidence": Row(WRITERS, a_use),
    "remove_evidence": Row(WRITERS, a_use, answer=302, is_post=True),
    "evidence_file": Row(OFFICIALS, lambda cast: {"pk": a_piece(cast).pk}),
    "evidence_thumbnail": Row(OFFICIALS, lambda cast: {"pk": a_piece(cast, "image/png").pk}),
    # the framework
    "framework": Row(OFFICIALS),
    "task": Row(OFFICIALS, lambda cast: {"no": 2}),
    "settle_phrase": Row(COORDINATOR, lambda cast: {"no": 2}),
    "place_task": Row(COORDINATOR, lambda cast: {"no": 2}),
    "settle_addressee": Row(COORDINATOR),
    "withdraw_meaning": Row(COORDINATOR, a_meaning),
    "reuse_settlements": Row(COORDINATOR, answer=302, is_post=True),
    "discard_draft": Row(COORDINATOR),
    "doubts": Row(OFFICIALS),
    "doubt": Row(OFFICIALS, a_doubt),
    "decision_file": Row(OFFICIALS, a_decision),
    "put_in_force": Row(COORDINATOR),
    "read_decision": Row(COORDINATOR),
    # the coordinator's desk
    "periods": Row(OFFICIALS),
    "period": Row(OFFICIALS, lambda cast: {"code": "2025-Q1"}),
    "exempt_ended": Row(COORDINATOR, lambda cast: {"code": "2025-Q1"}, answer=302, is_post=True),
    "put_into_work": Row(COORDINATOR, answer=302, is_post=True),
    "deadline": Row(COORDINATOR, lambda cast: {"code": "2025-Q1", "level": "commune"}),
    "calendar": Row(SIGNED_IN),
    "choose_day": Row(COORDINATOR, answer=302),
    "fill_year": Row(COORDINATOR, lambda cast: {"year": 2025}, answer=302, is_post=True),
    "calendar_day": Row(COORDINATOR, lambda cast: {"day": "2025-03-03"}),
    "remove_day": Row(COORDINATOR, a_calendar_day, answer=302, is_post=True),
    "occasions": Row(OFFICIALS),
    "open_occasion": Row(WORKERS),
    "occasion": Row(OFFICIALS, an_occasion),
    "extend_occasion": Row(COORDINATOR, an_occasion, answer=302, is_post=True),
    "close_occasion": Row(COORDINATOR, an_occasion, answer=302, is_post=True),
    "disclosures": Row(OFFICIALS),
    "withdraw_disclosure": Row(COORDINATOR, a_disclosure, answer=302, is_post=True),
    # the unit's own order
    "approve": Row(frozenset({"head"})),
    "share_work": Row(REPORTERS),
    "unit_habits": Row(REPORTERS),
    "report_versions": Row(OFFICIALS, assignment),
    "joint_result": Row(REPORTERS, assignment),
    "propose_exemption": Row(frozenset({"officer", "head", "guide"}), assignment),
    "exemptions": Row(OFFICIALS),
    "answer_exemption": Row(COORDINATOR, a_proposal),
    "withdraw_proposal": Row(
        frozenset({"officer", "head", "guide"}), a_proposal, answer=302, is_post=True
    ),
    "restore_exempted": Row(COORDINATOR, an_exempted, answer=302, is_post=True),
    "covering_report": Row(REPORTERS),
    "covering_draft": Row(REPORTERS, answer=302, is_post=True),
    "covering_signed": Row(OFFICIALS - {"guide"}, a_signed_paper),
    "lock_exceptions": Row(OFFICIALS),
    "grant_lock_exception": Row(COORDINATOR),
    "revoke_lock_exception": Row(COORDINATOR, a_leave),
    "enter_for": Row(frozenset({"head", "coordinator"})),
    "enter_for_unit": Row(COORDINATOR, lambda cast: {"pk": cast.scene.units["east1"].pk}),
    # letters of urging
    "letters": Row(OFFICIALS),
    "write_letter": Row(COORDINATOR),
    "letters_zip": Row(COORDINATOR, answer=302),
    "letter": Row(OFFICIALS, an_issued_letter),
    "letter_docx": Row(OFFICIALS, an_issued_letter),
    "signed_letter": Row(OFFICIALS, an_issued_letter),
    "record_letter": Row(COORDINATOR, a_letter),
    "withdraw_letter": Row(COORDINATOR, a_letter),
    # units
    "units": Row(SIGNED_IN),
    "unit": Row(SIGNED_IN, lambda cast: {"pk": cast.scene.units["east1"].pk}),
    "unit_history": Row(OFFICIALS, lambda cast: {"pk": cast.scene.units["east1"].pk}),
    # people
    "people": Row(KEEPERS),
    "add_person": Row(KEEPERS),
    "person": Row(KEEPERS, a_colleague),
    "deactivate_person": Row(KEEPERS, a_colleague, answer=302, is_post=True),
    "reactivate_person": Row(KEEPERS, a_colleague, answer=302, is_post=True),
    "new_password": Row(KEEPERS, a_colleague, is_post=True),
    "end_role": Row(KEEPERS, a_held_role, answer=302, is_post=True),
    # the trail
    "audit_trail": Row(KEEPERS),
    # signing in
    "account_login": Row(EVERYBODY, elsewhere=SIGNED_IN),
    # only in demonstration mode; tested in test_signin
    "demonstrate": Row(
        EVERYBODY, lambda cast: {"person_id": cast["officer"].pk}, answer=404, is_post=True
    ),
    "account_logout": Row(EVERYBODY, elsewhere=frozenset({ANONYMOUS})),
    "set_language": Row(EVERYBODY, answer=302, is_post=True),
    "account_change_password": Row(SIGNED_IN),
    "password_changed": Row(SIGNED_IN),
    # the public's pages
    "home": Row(EVERYBODY),
    "public_tasks": Row(EVERYBODY),
    "public_task": Row(EVERYBODY, lambda cast: {"no": 2}),
    "public_decision": Row(EVERYBODY, a_decision),
    "public_progress": Row(EVERYBODY),
    "public_unit": Row(EVERYBODY, a_published_unit),
}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found)
        else:
            yield found


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert {str(found.name) for found in patterns()} == set(TABLE)


def test_every_view_of_the_desk_says_who_may_see_it() -> None:
    assert [found.name for found in patterns() if is_undeclared(found.callback)] == []


@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_is_served(cast: Cast, name: str) -> None:
    row = TABLE[name]
    address = reverse(name, kwargs=row.parts(cast))
    got: dict[str, object] = {}
    for role in sorted(EVERYBODY):
        client = cast.client(role)
        response = client.post(address) if row.is_post else client.get(address)
        to_sign_in = response.headers.get("Location", "").startswith(reverse("account_login"))
        got[role] = "sign in" if to_sign_in else response.status_code
    refused = {role: "sign in" if role == ANONYMOUS else 403 for role in EVERYBODY - row.may}
    served = dict.fromkeys(row.may, row.answer) | dict.fromkeys(row.elsewhere, 302)
    assert got == refused | served


@pytest.mark.parametrize(
    "name", sorted(name for name, row in TABLE.items() if row.may != EVERYBODY)
)
def test_nobody_refused_may_post(cast: Cast, name: str) -> None:
    row = TABLE[name]
    address = reverse(name, kwargs=row.parts(cast))
    for role in sorted(EVERYBODY - row.may - {ANONYMOUS}):
        assert cast.client(role).post(address).status_code in (403, 405)
