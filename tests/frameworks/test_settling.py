"""What answers to doubts do, and how a second draft of a Decision takes earlier answers over."""

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments.reach import name_nobody, phrase_reach
from khung.base.models import AuditEvent
from khung.frameworks import actions, settling, tasks
from khung.frameworks.models import Decision, Doubt, Framework, PhraseMeaning, Task
from khung.orgs.queries import turning_days
from khung.rules.actors import COMMUNES_INCLUDED, COMMUNES_LEFT_OUT, COMMUNES_MEANT, parse_actors
from tests.assignments.scene import NOW, PROVINCE, Scene, person
from tests.pages.small_decision import TEXT, draft

PHRASE = "Các cơ quan, đơn vị, địa phương"
WITH_COMMUNES = TEXT.replace("Các doanh nghiệp viễn thông", PHRASE)
LATER = WITH_COMMUNES.replace("Báo cáo kết quả.", "Báo cáo kết quả hằng quý.")


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def read(scene: Scene, text: str) -> Framework:
    return actions.draft_framework(
        data=text.encode(), name="q.txt", province_code=PROVINCE, by=scene.coordinator, now=NOW
    )


def answer(scene: Scene, doubt: Doubt, settlement: str) -> Doubt:
    return actions.settle_doubt(
        doubt=doubt,
        settlement=settlement,
        reason="đã hỏi",
        version=Doubt.objects.get(pk=doubt.pk).version,
        by=scene.coordinator,
        now=NOW,
    )


def communes(doubt: Doubt) -> int:
    version = doubt.task_version
    assert version is not None
    return phrase_reach(version, doubt.field, doubt.raw, NOW.date()).get("commune", 0)


def test_the_answer_about_communes_is_what_the_phrase_means(scene: Scene) -> None:
    doubt = read(scene, WITH_COMMUNES).doubts.get(code=COMMUNES_MEANT)
    assert settling.choices(doubt) == (COMMUNES_INCLUDED, COMMUNES_LEFT_OUT)
    assert communes(doubt) == 0
    for _again in range(2):
        answer(scene, doubt, COMMUNES_INCLUDED)
        assert PhraseMeaning.objects.get().task_version == doubt.task_version
        assert communes(doubt) == 4
    answer(scene, doubt, COMMUNES_LEFT_OUT)
    assert not PhraseMeaning.objects.exists()
    assert communes(doubt) == 0
    verbs = ["phrase.settled", "phrase.withdrawn"]
    assert (
        list(
            AuditEvent.objects.filter(verb__in=verbs).order_by("id").values_list("verb", flat=True)
        )
        == verbs
    )


def test_an_answer_about_communes_leaves_other_meanings_alone(scene: Scene) -> None:
    doubt = read(scene, WITH_COMMUNES).doubts.get(code=COMMUNES_MEANT)
    mean(scene, doubt.framework, "UBND cấp huyện", task=doubt.task_version_id)
    answer(scene, doubt, COMMUNES_LEFT_OUT)
    assert PhraseMeaning.objects.count() == 1


def mean(scene: Scene, framework: Framework, words: str, *, task: int | None = None) -> None:
    actions.record_meaning(
        framework=framework,
        task_version=framework.tasks.get(pk=task) if task else None,
        role=PhraseMeaning.Role.IMPLEMENTING,
        phrase=PHRASE,
        actors=parse_actors(words).actors,
        is_addition=True,
        reason="đã hỏi",
        by=scene.coordinator,
        now=NOW,
    )


def test_words_name_somebody_on_some_day_of_the_span_or_nobody(scene: Scene) -> None:
    east = scene.units["east"]
    east.valid_to = NOW.date()
    east.save()
    after = turning_days()[-1]
    actors = (*parse_actors("Huyện east").actors, *parse_actors("Sở Bay Vũ Trụ").actors)
    named = tuple(actor for actor in actors if actor.kind == "named")
    assert [actor.text for actor in named][-1] == "Sở Bay Vũ Trụ"
    assert name_nobody(scene.framework, named, None, None) == ("Sở Bay Vũ Trụ",)
    assert "Sở Y tế" not in name_nobody(
        scene.framework, parse_actors("Sở Y tế").actors, after, after
    )


def test_the_same_file_is_not_read_twice(scene: Scene) -> None:
    first = draft(scene)
    with pytest.raises(actions.AlreadyRead) as refused:
        draft(scene)
    assert refused.value.framework == first
    Framework.objects.filter(pk=first.pk).update(
        status=Framework.Status.SUPERSEDED,
        in_force_from=NOW.date(),
        put_in_force_by=scene.coordinator,
    )
    assert draft(scene).number == 2


def settled(scene: Scene) -> Framework:
    """A first draft whose doubts are all settled and one phrase of whose tasks is."""
    made = read(scene, WITH_COMMUNES)
    for doubt in made.doubts.all():
        answer(scene, doubt, COMMUNES_INCLUDED if doubt.code == COMMUNES_MEANT else "để nguyên")
    made.refresh_from_db()
    return made


def test_a_changed_file_takes_over_the_answers_to_the_same_doubts(scene: Scene) -> None:
    first = settled(scene)
    actions.put_in_force(
        framework=first, from_day=NOW.date(), coordinators=[scene.units["home"]],
        coordinator_judges=[], version=first.version, by=scene.coordinator, now=NOW,
    )  # fmt: skip
    mean(scene, first, "UBND cấp huyện")
    second = read(scene, LATER)
    assert second.number == 2
    assert tasks.differences(second, first) == tasks.Differences(added=0, removed=0, changed=1)
    found = actions.reuse_settlements(framework=second, by=scene.coordinator, now=NOW)
    assert len(found.doubts) == first.doubts.count()
    assert not second.doubts.filter(settled_at__isnull=True).exists()
    assert {doubt.reason for doubt in second.doubts.all()} == {"đã hỏi"}
    of_task = second.meanings.get(task_version__isnull=False)
    assert of_task.task_version
    assert of_task.task_version.framework_id == second.pk
    assert second.meanings.count() == 2
    assert not settling.reusable(second)
    told = AuditEvent.objects.get(verb="settlements.reused").data
    assert told == {"doubts": len(found.doubts), "meanings": 2}


def test_doubts_of_tasks_worded_anew_are_asked_again(scene: Scene) -> None:
    settled(scene)
    second = read(scene, WITH_COMMUNES.replace("Phát triển hạ tầng", "Mở rộng hạ tầng"))
    waiting = [doubt.key for doubt, _ in settling.reusable(second).doubts]
    assert second.doubts.get(code=COMMUNES_MEANT).key not in waiting
    assert waiting


def test_only_a_draft_takes_answers_over(scene: Scene) -> None:
    with pytest.raises(actions.NotADraft):
        actions.reuse_settlements(framework=scene.framework, by=scene.coordinator, now=NOW)


def test_a_discarded_draft_leaves_no_tasks_but_a_trail(scene: Scene) -> None:
    tasks_before = Task.objects.count()
    made = draft(scene)
    officer = person("officer", scene.units["east1"])
    with pytest.raises(PermissionDenied):
        actions.discard_draft(framework=made, version=made.version, by=officer, now=NOW)
    actions.discard_draft(framework=made, version=made.version, by=scene.coordinator, now=NOW)
    assert not Framework.objects.filter(pk=made.pk).exists()
    assert not Decision.objects.filter(number="7/QĐ-UBND").exists()
    assert Task.objects.count() == tasks_before
    assert AuditEvent.objects.get(verb="framework.discarded").data["framework"].endswith("bản 1")
    assert draft(scene).number == 1


def test_a_framework_that_gave_work_is_not_discarded(scene: Scene) -> None:
    frame = scene.framework
    with pytest.raises(actions.NotADraft, match="dự thảo"):
        actions.discard_draft(framework=frame, version=frame.version, by=scene.coordinator, now=NOW)
    scene.work("2025-Q1")
    Framework.objects.filter(pk=frame.pk).update(status=Framework.Status.DRAFT, in_force_from=None)
    with pytest.raises(actions.NotADraft, match="đã được giao"):
        actions.discard_draft(framework=frame, version=frame.version, by=scene.coordinator, now=NOW)
    assert Framework.objects.filter(pk=frame.pk, version=frame.version).exists()
