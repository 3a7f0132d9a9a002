"""The command that shows what the reader makes of a Decision; it needs no database."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.rules import seed


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("read_decision", *arguments, stdout=out)
    return out.getvalue()


def test_json_alone_on_standard_output() -> None:
    tree = json.loads(run(str(seed.PATH), "--json"))
    assert tree["decision"] == {
        "number": "20/QĐ-UBND",
        "issued_on": "2022-11-07",
        "issuer": "ỦY BAN NHÂN DÂN TỈNH KHÁNH HÒA",
        "signer": "Nguyễn Tân Tuân",
        "title": "Ban hành Bộ khung nhiệm vụ cải thiện và nâng cao Chỉ số Hiệu quả Quản trị "
        "và Hành chính công của tỉnh Khánh Hòa",
        "addressees": list(seed.decision().head.addressees),
    }
    assert len(tree["tasks"]) == 62
    assert {(doubt["code"], doubt["task"]) for doubt in tree["doubts"]} >= {("dates_differ", None)}


def test_a_summary_for_people() -> None:
    summary = run(str(seed.PATH))
    assert "Quyết định 20/QĐ-UBND ngày 07/11/2022" in summary
    assert "1. Tham gia của người dân ở cấp cơ sở: 9 nhiệm vụ" in summary
    assert f"62 nhiệm vụ, {len(seed.decision().doubts)} nghi vấn" in summary


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "Không có tệp"),
        (b"", "rỗng"),
        (b"\x00\x01\x02", "không phải văn bản"),
        ("Họ tên\tTuổi\tQuê\nAn\t40\tHuế\n".encode(), "tiêu đề"),
    ],
)
def test_errors_name_the_file_and_what_to_do(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    file = tmp_path / "van-ban.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=message) as error:
        run(str(file), "--json")
    assert "van-ban.txt" in str(error.value)
    assert "Hãy" in str(error.value)


def test_a_folder_is_no_decision(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không mở được"):
        run(str(tmp_path))
