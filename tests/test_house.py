"""What import-linter and ruff cannot see: sizes, names, string keys, templates, doors left open."""

import ast
import configparser
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from khung.rules import workflow

ROOT = Path(__file__).resolve().parent.parent
MODULE_LINES, MODULE_STOP = 300, 400
FUNCTION_LINES, FUNCTION_STOP = 40, 60

# Whoever opens another door without sign-in must write it down here; the portal is public whole.
OPEN_DOORS = {"account_login", "account_logout", "demonstrate", "set_language", "village_page"}


def tracked() -> list[Path]:
    """Every file of the project, new ones too, without what git ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    paths = [ROOT / name for name in names.split("\0") if name]
    return [path for path in paths if path.is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def check(kind: str, sizes: Iterable[tuple[int, str]], warn: int, stop: int) -> None:
    """Write what is larger than it should be into the output; fail on what is beyond the stop."""
    large = sorted((size, name) for size, name in sizes if size > warn)
    sys.stdout.writelines(f"{kind} of {size} lines: {name}\n" for size, name in large)
    assert [(size, name) for size, name in large if size > stop] == []


def test_modules_are_small() -> None:
    sizes = ((len(path.read_text().splitlines()), name_of(path)) for path in python_files())
    check("module", sizes, MODULE_LINES, MODULE_STOP)


def test_functions_are_small() -> None:
    sizes = (
        ((node.end_lineno or 0) - node.lineno + 1, f"{name_of(path)}:{node.name}")
        for path in python_files()
        for node in functions(path)
    )
    check("function", sizes, FUNCTION_LINES, FUNCTION_STOP)


def test_no_module_is_a_drawer_for_anything() -> None:
    drawers = re.compile(r"(^|_)(util|utils|helper|helpers|manager|managers|common|misc)$")
    assert [name_of(path) for path in tracked() if drawers.search(path.stem)] == []


def room_ranks() -> dict[str, int]:
    """The open rooms from top (0) to bottom, as the layer contract orders them."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    layers = parser["importlinter:contract:rooms"]["layers"].split("\n")
    named = [line for line in layers if line.strip() and not line.strip().startswith("#")]
    return {
        room.strip(): rank
        for rank, line in enumerate(named)
        for room in line.split("|")
        if not room.strip().startswith("(")
    }


def test_foreign_keys_point_down_the_layers() -> None:
    ranks = room_ranks()
    upward = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in apps.get_models()
        if model._meta.app_label in ranks
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one or field.many_to_many)
        and not field.auto_created
        and isinstance(field.related_model, type)
        and ranks.get(field.related_model._meta.app_label, 99) < ranks[model._meta.app_label]
    ]
    assert upward == []


def test_templates_use_only_their_own_room_and_the_base() -> None:
    reference = re.compile(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
    rooms = set(room_ranks())
    strange = []
    for path in tracked():
        parts = path.relative_to(ROOT).parts
        if parts[0] == "khung" and "templates" in parts and path.suffix in {".html", ".txt"}:
            for used in reference.findall(path.read_text()):
                if used.split("/")[0] in rooms - {parts[1], "base"}:
                    strange.append(f"{name_of(path)} uses {used}")
    assert strange == []


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_pages_ask_for_sign_in_unless_written_here() -> None:
    opened = set()
    for pattern in patterns():
        view = getattr(pattern.callback, "view_class", pattern.callback)
        in_portal = view.__module__.startswith("khung.portal")
        if not getattr(pattern.callback, "login_required", True) and not in_portal:
            opened.add(pattern.name)
    assert opened == OPEN_DOORS


def verbs() -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The public functions of every actions.py, or of the modules of a package of that name."""
    return [
        (f"{name_of(path)}:{node.name}", node)
        for path in tracked()
        if "actions" in (path.stem, path.parent.name) and path.is_relative_to(ROOT / "khung")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_"
    ]


def test_every_verb_says_by_whom_and_when() -> None:
    assert len(verbs()) > 5
    wrong = []
    for name, node in verbs():
        keywords = {argument.arg for argument in node.args.kwonlyargs}
        if node.args.args or node.args.posonlyargs or not {"by", "now"} <= keywords:
            wrong.append(name)
    assert wrong == []


def test_every_verb_is_whole_or_nothing() -> None:
    """Atomic by its decorator, or by the lock it holds, or by calling another verb alone."""
    whole = re.compile(r"atomic|named_lock")
    assert [name for name, node in verbs() if not whole.search(ast.unparse(node))] == []


def test_rules_read_no_clock_and_no_disk() -> None:
    forbidden = {"os", "io", "pathlib", "time", "socket", "subprocess", "random", "logging"}
    for path in (ROOT / "khung/rules").rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & forbidden, path
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in forbidden, path
            elif isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert not re.search(r"(^|\.)(now|today|utcnow|open)$", called), (path, called)


def test_every_state_has_its_words_and_its_mark() -> None:
    reached = {state for pair in workflow.TRANSITIONS.items() for state in (pair[0][0], pair[1].to)}
    assert reached <= set(workflow.STATES)
    assert all(workflow.STATES.values())
    assert set(workflow.MARKS) == set(workflow.STATES)
    assert len(set(workflow.MARKS.values())) == len(workflow.MARKS)
    assert {verb for _, verb in workflow.TRANSITIONS} <= set(workflow.VERBS)


# Written in pieces, so that this file doesn't contain what it looks for.
UNWANTED = {
    "a note for later": rf"\b({'TO'}DO|{'FIX'}ME|{'XX'}X)\b",
    "a path of one machine": rf"(?<![\w.\-}}])/({'wo'}rk|{'ro'}ot|{'ho'}me/\w+|{'t'}mp)/",
    "a test switched off": rf"pytest\.(mark\.)?({'sk'}ip|{'xf'}ail)",
}


@pytest.mark.parametrize("what", UNWANTED)
def test_nothing_unfinished_or_local_is_kept(what: str) -> None:
    pattern = re.compile(UNWANTED[what])
    found = []
    for path in tracked():
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{name_of(path)}:{no}" for no, line in enumerate(lines, 1) if pattern.search(line)
        ]
    assert found == []


def test_code_knows_no_province() -> None:
    """Provinces, their units and their plans are data."""
    named = re.compile(r"Khánh Hòa|Ninh Thuận|Nha Trang|Vân Phong|khanh[-_]hoa", re.IGNORECASE)
    code = [path for path in tracked() if path.is_relative_to(ROOT / "khung")]
    texts = [path for path in code if path.suffix in {".py", ".html", ".po", ".txt"}]
    assert [name_of(path) for path in texts if named.search(path.read_text())] == []
