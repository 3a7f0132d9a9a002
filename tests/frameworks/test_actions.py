"""Drafting, settling and putting in force, as a coordinator does it."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied

from khung.base.models import AuditEvent, StoredFile
from khung.base.versions import StaleRecord
from khung.frameworks import actions, public, queries
from khung.frameworks.models import Doubt, Framework, PhraseMeaning, TaskItem
from khung.orgs.models import Person, RoleHeld, Unit
from khung.rules.actors import parse_actors
from khung.rules.document import UnreadableDocument
from khung.rules.text import fold

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
SEED = Path(settings.BASE_DIR) / "demonstration" / "khanh-hoa" / "decision.txt"

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Unit:
    return Unit.objects.create(
        code="1.so-noi-vu",
        level="province",
        kind="specialised_agency",
        name="Sở Nội vụ",
        path="/1/",
    )


def person(department: Unit, role: str) -> Person:
    made = Person.objects.create_user(role, full_name=f"Người {role}", joined_at=NOW)
    RoleHeld.objects.create(person=made, unit=department, role=role)
    return made


@pytest.fixture
def coordinator(department: Unit) -> Person:
    return person(department, "coordinator")


@pytest.fixture
def framework(coordinator: Person) -> Framework:
    return actions.draft_framework(
        data=SEED.read_bytes(), name="a.txt", province_code="1", by=coordinator, now=NOW
    )


def settle(framework: Framework, key: str, settlement: str, by: Person) -> Doubt:
    doubt = framework.doubts.get(key=key)
    return actions.settle_doubt(
        doubt=doubt, settlement=settlement, reason="lý do", version=doubt.version, by=by, now=NOW
    )


def test_a_draft_keeps_the_text_its_source_and_its_doubts(framework: Framework) -> None:
    assert framework.status == Framework.Status.DRAFT
    assert framework.decision.issued_on == dt.date(2022, 11, 7)
    assert framework.tasks.count() == 62
    third = framework.tasks.get(no=3)
    assert [place["line"] for place in third.source] == [63, 66]
    methods = third.items.filter(field=TaskItem.Field.METHOD)
    assert [method.kind for method in methods] == [
        "web_post",
        "posting",
        "household_message",
        "consultation",
    ]
    assert framework.doubts.count() == framework.doubts.filter(settled_at=None).count() > 50
    written = queries.addressees(framework, NOW.date())
    assert any(actor.kind == "people_committee" for actor in written)
    assert AuditEvent.objects.get(verb="framework.drafted").data["tasks"] == 62


def test_an_unreadable_file_leaves_nothing_behind(coordinator: Person) -> None:
    with pytest.raises(UnreadableDocument):
        actions.draft_framework(
            data=b"Kh\xc3\xb4ng c\xc3\xb3 b\xe1\xba\xa3ng",
            name="a.txt",
            province_code="1",
            by=coordinator,
            now=NOW,
        )
    assert not Framework.objects.exists()
    assert not StoredFile.objects.exists()


def test_only_who_may_drafts_and_settles(framework: Framework, department: Unit) -> None:
    officer = person(department, "officer")
    with pytest.raises(PermissionDenied):
        actions.draft_framework(
            data=SEED.read_bytes(), name="a.txt", province_code="1", by=officer, now=NOW
        )
    with pytest.raises(PermissionDenied):
        settle(framework, "ocr_slip:44:methods:TTTC", "TTHC", officer)
    assert framework.doubts.filter(settled_at=None).count() == framework.doubts.count()


def test_taking_the_proposal_corrects_the_item_and_keeps_the_words_read(
    framework: Framework, coordinator: Person
) -> None:
    doubt = settle(framework, "ocr_slip:44:methods:TTTC", "TTHC", coordinator)
    assert doubt.settled_by == coordinator
    item = framework.tasks.get(no=44).items.get(field=TaskItem.Field.METHOD)
    assert "giải quyết TTTC về" in item.text
    assert "giải quyết TTHC về" in item.words


def test_a_second_answer_takes_the_correction_back(
    framework: Framework, coordinator: Person
) -> None:
    key = "ocr_slip:45:methods:Banh"
    for answer, words in (("Ban", "Ban hành"), ("Giữ nguyên", "Banh hành")):
        settle(framework, key, answer, coordinator)
        assert method(framework, 45).words.startswith(words)
        assert fold(words) in framework.tasks.get(no=45).folded_text


def test_a_correction_leaves_longer_words_alone(framework: Framework, coordinator: Person) -> None:
    item = method(framework, 45)
    item.text = "Banhxe, Banh hành văn bản"
    item.save()
    settle(framework, "ocr_slip:45:methods:Banh", "Ban", coordinator)
    assert method(framework, 45).words == "Banhxe, Ban hành văn bản"


def method(framework: Framework, no: int) -> TaskItem:
    """The first method of a task."""
    return framework.tasks.get(no=no).items.get(field=TaskItem.Field.METHOD, position=1)


def test_another_answer_than_the_proposal_corrects_nothing(
    framework: Framework, coordinator: Person
) -> None:
    settle(framework, "ocr_slip:44:methods:TTTC", "Giữ nguyên", coordinator)
    item = framework.tasks.get(no=44).items.get(field=TaskItem.Field.METHOD)
    assert item.words == item.text


def test_a_stale_answer_is_refused_and_shows_the_one_given(
    framework: Framework, coordinator: Person
) -> None:
    key = "ocr_slip:44:methods:TTTC"
    seen = framework.doubts.get(key=key)
    settle(framework, key, "TTHC", coordinator)
    with pytest.raises(StaleRecord) as refused:
        actions.settle_doubt(
            doubt=seen,
            settlement="Giữ nguyên",
            reason="",
            version=seen.version,
            by=coordinator,
            now=NOW,
        )
    assert isinstance(refused.value.current, Doubt)
    assert refused.value.current.settlement == "TTHC"
    assert framework.doubts.get(key=key).settlement == "TTHC"


def force(framework: Framework, by: Person, day: dt.date, unit: Unit) -> Framework:
    return actions.put_in_force(
        framework=framework,
        from_day=day,
        coordinators=[unit],
        coordinator_judges=[],
        version=framework.version,
        by=by,
        now=NOW,
    )


def test_open_doubts_hold_a_framework_back_but_open_phrases_do_not(
    framework: Framework, coordinator: Person, department: Unit
) -> None:
    with pytest.raises(actions.NotReady, match="chưa xử lý"):
        force(framework, coordinator, NOW.date(), department)
    framework.doubts.exclude(code__startswith="actor_").update(
        settled_by=coordinator, settled_at=NOW
    )
    framework.refresh_from_db()
    forced = force(framework, coordinator, NOW.date(), department)
    assert forced.status == Framework.Status.IN_FORCE
    assert queries.in_force_on(NOW.date()) == forced
    assert queries.in_force_on(NOW.date() - dt.timedelta(days=1)) is None


def test_a_new_framework_supersedes_the_old_from_its_day(
    framework: Framework, coordinator: Person, department: Unit
) -> None:
    second = actions.draft_framework(
        data=SEED.read_bytes() + b"\n", name="b.txt", province_code="1", by=coordinator, now=NOW
    )
    assert (second.decision, second.number) == (framework.decision, 2)
    keys = [list(one.tasks.values_list("task", flat=True)) for one in (framework, second)]
    assert keys[0] == keys[1]
    Doubt.objects.update(settled_by=coordinator, settled_at=NOW)
    force(framework, coordinator, dt.date(2026, 1, 1), department)
    force(second, coordinator, dt.date(2026, 4, 1), department)
    framework.refresh_from_db()
    assert framework.status == Framework.Status.SUPERSEDED
    assert queries.in_force_on(dt.date(2026, 3, 31)) == framework
    assert queries.in_force_on(dt.date(2026, 4, 1)) == second
    shown = [public.framework_in_force(dt.date(2026, 3, 31) + dt.timedelta(days=n)) for n in (0, 1)]
    assert [one and one.id for one in shown] == [framework.pk, second.pk]


def test_a_task_worded_anew_is_another_task(framework: Framework, coordinator: Person) -> None:
    data = SEED.read_bytes().replace("Tạo cảnh quan môi trường".encode(), "Giữ cảnh quan".encode())
    second = actions.draft_framework(
        data=data, name="b.txt", province_code="1", by=coordinator, now=NOW
    )
    pairs = zip(framework.tasks.order_by("no"), second.tasks.order_by("no"), strict=True)
    assert [one.no for one, other in pairs if one.task_id != other.task_id] == [57]
    told = [event.data["file"] for event in AuditEvent.objects.order_by("id")]
    assert told == [hashlib.sha256(one).hexdigest() for one in (SEED.read_bytes(), data)]


def test_a_meaning_holds_in_its_span_and_a_tasks_own_comes_first(
    framework: Framework, coordinator: Person
) -> None:
    def mean(task_no: int | None, words: str, valid_from: dt.date | None) -> PhraseMeaning:
        return actions.record_meaning(
            framework=framework,
            task_version=framework.tasks.get(no=task_no) if task_no else None,
            role="guiding",
            phrase="UBND cấp huyện",
            actors=parse_actors(words).actors,
            reason="lý do",
            valid_from=valid_from,
            by=coordinator,
            now=NOW,
        )

    mean(None, "Sở Nội vụ", dt.date(2025, 7, 1))
    mean(1, "Sở Tư pháp", dt.date(2025, 7, 1))

    def means(day: dt.date, no: int) -> list[str]:
        planned = queries.planned_tasks(framework, day)[no - 1]
        return [actor.text for meaning in planned.rule.meanings for actor in meaning.actors]

    assert means(dt.date(2025, 6, 30), 1) == []
    assert means(dt.date(2025, 7, 1), 1) == ["Sở Tư pháp"]
    assert means(dt.date(2025, 7, 1), 2) == ["Sở Nội vụ"]
