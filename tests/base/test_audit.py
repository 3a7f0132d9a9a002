"""Events are written with their change or not at all, and the chain shows every meddling."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from khung.base import audit, sealer
from khung.base.models import AuditEvent

NOW = dt.datetime(2025, 10, 15, 1, 2, 3, 456789, tzinfo=dt.UTC)
WRITERS, EACH = 16, 12


def write(n: int, **data: object) -> None:
    for i in range(n):
        with transaction.atomic():
            audit.record(
                by="system:test", now=NOW, verb="test.did", subject=f"thing:{i}", data=data
            )


@pytest.fixture
def chain(db: None) -> None:
    write(7, note="Xã Ninh Ích", share=0.5, whole=3.0)
    assert sealer.seal() == 7


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(audit.NotInTransaction):
        audit.record(by=None, now=NOW, verb="test.did", subject="thing:1")
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_falls_with_its_change() -> None:
    with transaction.atomic():
        audit.record(by=None, now=NOW, verb="test.did", subject="thing:1")
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_two_sealers_lose_nothing() -> None:
    def writer(_: int) -> None:
        write(EACH)
        connection.close()

    def sealing(_: int) -> int:
        done = sum(sealer.seal() for _ in range(10))
        connection.close()
        return done

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        writers = [pool.submit(writer, i) for i in range(WRITERS)]
        sealers = [pool.submit(sealing, i) for i in range(2)]
        for one in writers:
            one.result()
        early = sum(one.result() for one in sealers)

    assert early + sealer.seal() == WRITERS * EACH
    found = sealer.verify()
    assert found.first_break is None
    assert (found.head.position, found.unsealed) == (WRITERS * EACH, 0)


@pytest.mark.usefixtures("chain")
def test_a_whole_chain_verifies_and_names_its_head() -> None:
    found = sealer.verify([sealer.head()])
    assert found.first_break is None
    assert found.head == sealer.head()
    assert found.head.position == 7


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "Người khác"},
        {"data": {"note": "Xã Ninh Ích", "share": 0.6, "whole": 3.0}},
        {"at": NOW + dt.timedelta(microseconds=1)},
        {"previous_hash": "0" * 64},
    ],
)
def test_a_changed_event_is_found(change: dict[str, object]) -> None:
    AuditEvent.objects.filter(position=4).update(**change)
    broken = sealer.verify().first_break
    assert broken is not None
    assert broken.position == 4


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize("position", [1, 4])
def test_a_removed_event_is_found(position: int) -> None:
    AuditEvent.objects.filter(position=position).delete()
    broken = sealer.verify().first_break
    assert broken is not None
    assert broken.position == position


@pytest.mark.usefixtures("chain")
def test_a_cut_tail_is_found_by_the_exported_head() -> None:
    exported = sealer.head()
    AuditEvent.objects.filter(position__gt=5).delete()
    assert sealer.verify().first_break is None
    broken = sealer.verify([exported]).first_break
    assert broken is not None
    assert "cắt" in broken.reason


@pytest.mark.usefixtures("chain")
def test_a_chain_made_anew_is_found_by_the_exported_head() -> None:
    exported = sealer.head()
    AuditEvent.objects.filter(position=2).delete()
    AuditEvent.objects.update(position=None, previous_hash="", hash="")
    write(1)
    sealer.seal()
    assert sealer.verify().first_break is None
    broken = sealer.verify([exported]).first_break
    assert broken is not None
    assert broken.position == 7


@pytest.mark.usefixtures("chain")
def test_a_stretch_is_checked_by_itself() -> None:
    chain = AuditEvent.objects.order_by("position")
    assert sealer.verify_stretch(list(chain[2:6])) is None
    gap = sealer.verify_stretch([*chain[1:3], *chain[4:6]])
    assert gap == sealer.Break(4, "thiếu sự kiện ở vị trí này")
    chain.filter(position=3).update(subject="thing:9")
    for first in (1, 2):
        broken = sealer.verify_stretch(list(chain[first:6]))
        assert broken == sealer.Break(3, "nội dung đã bị sửa")


@pytest.mark.usefixtures("chain")
def test_whole_numbers_hash_alike_however_a_database_returns_them() -> None:
    AuditEvent.objects.filter(position=1).update(
        data={"note": "Xã Ninh Ích", "share": 0.5, "whole": 3}
    )
    assert sealer.verify().first_break is None


@pytest.mark.usefixtures("chain")
def test_the_head_is_exported_once_a_day_and_checked(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path
    path = sealer.export_head(NOW)
    assert json.loads(path.read_text())["position"] == 7
    write(1)
    sealer.seal()
    assert sealer.export_head(NOW + dt.timedelta(hours=1)) == path
    assert json.loads(path.read_text())["position"] == 7

    call_command("verify_audit")
    assert "nguyên vẹn: 8 sự kiện" in capsys.readouterr().out
    AuditEvent.objects.filter(position__gt=6).delete()
    with pytest.raises(CommandError, match="vị trí 7"):
        call_command("verify_audit")


@pytest.mark.usefixtures("chain")
def test_sealing_again_does_nothing() -> None:
    before = sealer.head()
    assert sealer.seal() == 0
    assert sealer.head() == before


@pytest.mark.django_db
def test_sealing_goes_on_over_several_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer, "BATCH", 3)
    write(8)
    assert sealer.seal() == 8
    assert sealer.verify().first_break is None


def test_a_sentence_reads_the_values_of_its_event() -> None:
    event = AuditEvent(verb="test.did", subject="thing:1", data={"name": "Xã Ninh Ích"})
    told = audit.sentence(event, {"test.did": "đổi tên thành {name} theo {source}"})
    assert told == "đổi tên thành Xã Ninh Ích theo …"
    assert audit.sentence(event, {}) == "test.did thing:1"
