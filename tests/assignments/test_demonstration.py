"""The whole demonstration: the real Decision over the full province, in both its eras."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from pytest_django import Settings

from khung.assignments import rollup
from khung.assignments.models import Assignment, LockException, Occasion, Period
from khung.base import sealer
from khung.difficulties.models import Difficulty
from khung.frameworks.models import Doubt, Framework, TaskItem
from khung.reminders.models import Digest, OutboxMessage
from khung.reports import judging_counts
from khung.reports.models import (
    ExemptionProposal,
    JudgingPlan,
    Remark,
    Report,
    Share,
    VillageSending,
)

pytestmark = pytest.mark.django_db


def dry_run(as_of: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("expand", "--as-of", as_of, "--dry-run", "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def by_number(found: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {task["no"]: task for task in found["tasks"]}


def test_the_real_decision_over_the_full_province(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    call_command("load_demonstration", stderr=io.StringIO())
    framework = Framework.objects.get()
    assert framework.status == Framework.Status.IN_FORCE
    assert framework.tasks.count() == 62
    check_settlements(framework)
    check_assignments()
    check_dry_runs()
    assert Difficulty.objects.filter(is_illustrative=True).count() == 12
    check_desks()
    made = Assignment.objects.count()
    call_command("load_demonstration", stderr=io.StringIO())
    call_command("tick")
    assert Assignment.objects.count() == made
    assert sealer.verify().first_break is None


def check_desks() -> None:
    """Whoever signs in finds something to do, and the figures agree with it."""
    assert judging_counts.differences() == {}
    returned = Remark.objects.filter(review__report__assignment__unit__code="22366")
    assert returned.filter(method__isnull=False).exists()
    assert returned.filter(evidence__isnull=False).exists()
    assert Report.objects.filter(is_ready=True, sent_at__isnull=True).count() == 2
    assert Share.objects.filter(person__username="cong-chuc-xa").exists()
    assert ExemptionProposal.objects.filter(answered_at__isnull=True).exists()
    assert LockException.objects.filter(is_illustrative=True).count() == 1
    assert VillageSending.objects.filter(is_taken_over__isnull=True).count() == 1
    assert {"sampled", "consolidated"} <= set(JudgingPlan.objects.values_list("way", flat=True))
    told = {digest.person.username for digest in Digest.objects.select_related("person")}
    assert {"cong-chuc-xa", "chu-tich-xa", "co-quan-huong-dan", "so-noi-vu"} <= told
    assert not OutboxMessage.objects.exists()


def check_settlements(framework: Framework) -> None:
    assert not Doubt.objects.filter(settled_at__isnull=True).exists()
    assert not Doubt.objects.filter(reason="").exists()
    office = TaskItem.objects.get(text="Phòng Giáo đục và Đào tạo")
    assert office.words == "Phòng Giáo dục và Đào tạo"
    from_2025 = framework.meanings.filter(valid_from__isnull=False)
    assert from_2025.exists()
    assert not from_2025.filter(is_assumption=False).exists()


def check_assignments() -> None:
    assert not Assignment.objects.filter(judge=F("unit")).exists()
    assert (
        not Assignment.objects.filter(
            counts_in__starts_on__gte="2025-07-01", occasion=None, unit__level="district"
        )
        .exclude(period__kind=Period.Kind.YEAR)
        .exists()
    )
    assert Assignment.objects.filter(counts_in__code="2025-Q1", unit__level="district").exists()
    assert not Assignment.objects.filter(is_illustrative=False).exclude(state="exempt").exists()
    exempt = Assignment.objects.filter(state="exempt")
    assert exempt.exists()
    assert not exempt.filter(exemptions=None).exists()
    assert Occasion.objects.filter(kind="election", assignments__state="accepted").exists()
    assert rollup.differences() == []


def check_dry_runs() -> None:
    before = dry_run("2023-02-15")
    tasks = by_number(before)
    assert len(tasks) == 62
    assert tasks[1]["implementing"] == {"province": 0, "district": 0, "commune": 139, "village": 0}
    assert tasks[1]["unresolved"] == ["Trưởng thôn"]
    assert tasks[10]["implementing"]["district"] == 18
    assert tasks[55]["implementing"] == {
        "province": 1,
        "district": 9,
        "commune": 139,
        "village": 0,
    }
    assert tasks[51]["unresolved"] == ["Công ty Cổ phần điện lực Khánh Hòa"]
    assert before["total"] == sum(
        sum(task["implementing"].values())
        for task in before["tasks"]
        if task["timing"] != "occasion"
    )
    assert [no for no, task in tasks.items() if task["timing"] == "occasion"] == [
        *(4, 5, 6, 7, 9),
        *(12, 16),
        *(30, 31),
        33,
    ]
    reformed = dry_run("2025-08-15")
    assert before["unmatched_addressees"] == reformed["unmatched_addressees"] == []
    after = by_number(reformed)
    assert all(task["implementing"]["district"] == 0 for task in after.values())
    assert after[1]["implementing"]["commune"] == 65
    assert after[46]["implementing"]["commune"] == 65
