"""Illustrative difficulties: loaded by the rules, nobody named, loaded once."""

from pathlib import Path

import pytest
from django.conf import settings

from khung.base.models import AuditEvent
from khung.difficulties import demonstration
from khung.difficulties.models import Difficulty, DifficultyStep
from khung.orgs.datafile import DataFileError, read_toml
from tests.cast import TODAY, Cast

ONE = """
[[difficulties]]
unit = "east1"
task = 2
raised = 9
kind = "funds"
text = "Thiếu loa"
asked = "Cấp loa"

[[difficulties.steps]]
after = 3
do = "send_on"
text = "Quá thẩm quyền"

[[difficulties.steps]]
after = 1
do = "send_on"
text = "Xin ý kiến cơ quan điều phối"

[[difficulties.steps]]
after = 2
do = "decide"
responsible = "health"
within = 10
text = "Đồng ý"
"""


def load(folder: Path, text: str) -> int:
    (folder / demonstration.DIFFICULTIES).write_text(text, encoding="utf-8")
    return demonstration.load(folder, now=TODAY)


def test_it_climbs_by_the_same_rules_and_names_nobody(cast: Cast, tmp_path: Path) -> None:
    climbing = ONE.replace('do = "decide"', 'do = "send_on"').replace("Đồng ý", "Xin ý kiến tỉnh")
    assert load(tmp_path, climbing) == 1
    difficulty = Difficulty.objects.get()
    # nine working days before Monday 03/03/2025
    assert f"{difficulty.raised_at:%d/%m/%Y}" == "18/02/2025"
    assert (difficulty.stage, difficulty.holder.code) == ("province", "T")
    assert (difficulty.is_illustrative, difficulty.raised_by) == (True, None)
    assert not DifficultyStep.objects.filter(by__isnull=False).exists()
    event = AuditEvent.objects.get(verb="difficulties.illustrated")
    assert (event.actor, event.data) == ("system:demonstration", {"raised": 1})


def test_loading_again_adds_nothing(cast: Cast, tmp_path: Path) -> None:
    assert load(tmp_path, ONE) == 1
    assert load(tmp_path, ONE) == 0
    decided = Difficulty.objects.get()
    assert (decided.state, decided.holder.code) == ("decided", "health")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (ONE.replace('"east1"', '"nowhere"'), "không có đơn vị mã “nowhere”"),
        (ONE.replace("task = 2", "task = 99"), "không được giao nhiệm vụ 99"),
        (ONE.replace('"funds"', '"money"'), "cột “kind”: “money” không thuộc"),
        (ONE.replace('"send_on"', '"forget"'), "cột “do”: “forget” không thuộc"),
        (ONE.replace('do = "decide"', 'do = "confirm"'), "Chưa thể “Xác nhận đã giải quyết”"),
        (ONE.replace('text = "Thiếu loa"', ""), "cột “text”: để trống"),
    ],
)
def test_a_fault_is_told_by_file_and_column(
    cast: Cast, tmp_path: Path, wrong: str, said: str
) -> None:
    with pytest.raises(DataFileError, match=said) as error:
        load(tmp_path, wrong)
    assert str(error.value).startswith("difficulties.toml, [[difficulties]] thứ 1")
    assert not Difficulty.objects.exists()


def test_the_demonstration_shows_every_state_but_withdrawal() -> None:
    """Read without loading: the whole demonstration is loaded in its own test."""
    rows = read_toml(settings.DEMONSTRATION_FOLDER / demonstration.DIFFICULTIES)["difficulties"]
    done = {step["do"] for row in rows for step in row.get("steps", [])}
    assert 8 <= len(rows) <= 12
    assert done == {"send_on", "answer", "decide", "confirm", "dispute"}
