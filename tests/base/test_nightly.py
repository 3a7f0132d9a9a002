"""The nightly walk along the audit chain."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from khung.base import sealer
from khung.base.audit import record
from khung.base.models import AuditEvent
from khung.base.nightly import check_audit_chain

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def test_a_whole_chain_says_nothing_and_a_broken_one_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    with transaction.atomic():
        for number in range(3):
            record(by="system:test", now=NOW, verb="base.signed_in", subject=f"person:{number}")
    sealer.seal()
    assert check_audit_chain.call("2026-03-02") == ""
    assert not AuditEvent.objects.filter(verb="audit.broken").exists()
    AuditEvent.objects.filter(position=2).update(actor_name="Ai đó")
    assert check_audit_chain.call("2026-03-03") == "nội dung đã bị sửa"
    told = AuditEvent.objects.get(verb="audit.broken")
    assert told.data["position"] == 2
