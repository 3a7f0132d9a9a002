import itertools
import unicodedata
from io import StringIO

import pytest
from django.core.management import call_command

from khung.rules.permissions import ROLES, Permission, has
from khung.rules.workflow import (
    MARKS,
    OFFICIAL_CLASSES,
    STATES,
    TRANSITIONS,
    VERBS,
    NotAllowed,
    allowed,
    as_mermaid,
    class_label,
    official_class,
    transition,
)


def test_a_report_from_beginning_to_acceptance() -> None:
    state = "not_started"
    for verb, expected in (
        ("update", "in_progress"),
        ("update", "in_progress"),
        ("submit", "submitted"),
        ("return", "returned"),
        ("update", "in_progress"),
        ("submit", "submitted"),
        ("accept", "accepted"),
    ):
        state = transition(state, verb).to
        assert state == expected


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(STATES, [*VERBS, "delete"])))
def test_only_the_table_leads_on(state: str, verb: str) -> None:
    if (state, verb) in TRANSITIONS:
        assert transition(state, verb).to in STATES
        assert verb in allowed(state)
        return
    assert verb not in allowed(state)
    with pytest.raises(NotAllowed) as refused:
        transition(state, verb)
    assert (refused.value.state, refused.value.verb) == (state, verb)
    assert STATES[state] in str(refused.value)
    assert unicodedata.is_normalized("NFC", str(refused.value))


def test_nothing_is_accepted_that_was_not_submitted() -> None:
    leading = {state for (state, _), found in TRANSITIONS.items() if found.to == "accepted"}
    assert leading == {"submitted"}
    assert allowed("accepted") == ("reopen",)


def test_unknown_state_is_refused_in_words() -> None:
    assert allowed("lost") == ()
    with pytest.raises(NotAllowed, match=r"Gửi báo cáo.*lost"):
        transition("lost", "submit")


def test_each_verb_asks_one_permission_of_a_role_that_exists() -> None:
    for verb in VERBS:
        asked = {found.permission for (_, name), found in TRANSITIONS.items() if name == verb}
        assert len(asked) == 1
        assert any(has([code], *asked) for code in ROLES)
    assert transition("submitted", "accept").permission is Permission.JUDGE_WORK


def test_who_reports_cannot_accept() -> None:
    for code in ("officer", "head"):
        assert not has([code], transition("submitted", "accept").permission)


def test_every_state_is_reached_labelled_and_marked() -> None:
    reached = {found.to for found in TRANSITIONS.values()} | {"not_started"}
    assert reached == set(STATES) == set(MARKS)
    assert len(set(MARKS.values())) == len(MARKS)
    assert {verb for _, verb in TRANSITIONS} == set(VERBS)


@pytest.mark.parametrize(
    ("state", "late", "expected"),
    [
        ("not_started", False, "doing_on_time"),
        ("not_started", True, "doing_late"),
        ("in_progress", False, "doing_on_time"),
        ("in_progress", True, "doing_late"),
        ("submitted", False, "doing_on_time"),
        ("submitted", True, "doing_late"),
        ("returned", False, "doing_on_time"),
        ("returned", True, "doing_late"),
        ("accepted", False, "done_on_time"),
        ("accepted", True, "done_late"),
        ("exempt", False, None),
        ("exempt", True, None),
    ],
)
def test_official_class(state: str, late: bool, expected: str | None) -> None:
    assert official_class(state, late) == expected


def test_accepted_continuous_duty_reads_as_done_in_the_period() -> None:
    assert class_label("accepted", late=False, continuous=True) == "Đã thực hiện trong kỳ"
    assert str(official_class("accepted", late=False)).startswith("done")
    assert class_label("accepted", late=True, continuous=False) == "Hoàn thành quá hạn"
    assert class_label("submitted", late=False, continuous=True) == "Đang thực hiện trong hạn"
    assert class_label("exempt", late=True, continuous=True) == "Miễn"
    assert len(OFFICIAL_CLASSES) == 4


def test_diagram_draws_the_whole_table() -> None:
    lines = as_mermaid().splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert "    [*] --> not_started" in lines
    arrows = [line for line in lines if "-->" in line]
    assert len(arrows) == len(TRANSITIONS) + 1
    assert "    submitted --> accepted: Công nhận" in lines
    assert "    accepted: ● Đã công nhận" in lines
    out = StringIO()
    call_command("draw_workflow", stdout=out)
    assert out.getvalue().splitlines() == lines
