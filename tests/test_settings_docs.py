"""`docs/settings.md` lists every setting there is, with its type and default."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config import env

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| `(?P<name>[A-Z_]+)` \| (?P<type>\w+) \| (?P<default>[^|]+) \|", re.MULTILINE)


def documented() -> dict[str, tuple[str, str]]:
    text = (ROOT / "docs/settings.md").read_text()
    return {row["name"]: (row["type"], row["default"].strip(" `")) for row in ROW.finditer(text)}


def test_the_page_and_the_program_know_the_same_settings() -> None:
    assert settings.configured
    assert set(documented()) == set(env.VARIABLES)


def test_types_and_defaults_agree() -> None:
    page = documented()
    for name, variable in env.VARIABLES.items():
        type_, default = page[name]
        assert type_ == variable.type, name
        # Defaults that are a folder of this machine are told in words.
        if variable.type != "text":
            said = tuple(default.split(",")) if variable.type == "list" else default
            assert str(() if said == ("empty",) else said) == variable.default, name


def test_environment_variables_are_read_in_one_place() -> None:
    """Only `config` reads the installation's variables; `run.py` passes them on."""
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "khung").rglob("*.py")
        if re.search(r"os\.(getenv|environ\.get|environ\[[^]]+\](?! =))", path.read_text())
    ]
    assert readers == []


@pytest.mark.parametrize(
    ("read", "raw"), [(env.integer, "nhiều"), (env.boolean, "có lẽ"), (env.integer, "1.5")]
)
def test_a_wrong_value_names_its_variable(
    read: object, raw: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(env, "VARIABLES", {})
    monkeypatch.setenv("KHUNG_X", raw)
    assert callable(read)
    with pytest.raises(env.BadSetting, match="KHUNG_X"):
        read("KHUNG_X", 0, "a trial")


def test_values_are_read_by_their_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "VARIABLES", {})
    monkeypatch.setenv("KHUNG_X", " Yes ")
    assert env.boolean("KHUNG_X", False, "a trial") is True
    monkeypatch.setenv("KHUNG_X", "a, b,,c")
    assert env.words("KHUNG_X", (), "a trial") == ("a", "b", "c")
    monkeypatch.setenv("KHUNG_X", "")
    assert env.integer("KHUNG_X", 7, "a trial") == 7
