"""`run.py`: its messages before anything is installed, and the life of the processes it starts."""

import ast
import contextlib
import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import checks, cli, environment, places
from bootstrap.address import check_free
from bootstrap.failure import Failure
from khung.base import warden
from khung.base.processes import DEATHS_ALLOWED, Child, Family

ROOT = Path(__file__).resolve().parent.parent
Usage = namedtuple("Usage", "total used free")


def test_an_old_python_can_read_run_py_up_to_the_message() -> None:
    source = (ROOT / "run.py").read_text()
    tree = ast.parse(source, feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Match)]
    guard = source.index("sys.version_info < (3, 11)")
    assert guard < source.index("from bootstrap")


def test_bootstrap_needs_only_the_standard_library() -> None:
    for path in [ROOT / "run.py", *sorted((ROOT / "bootstrap").glob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                assert top == "bootstrap" or top in sys.stdlib_module_names, (path.name, name)


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_told_before_any_work(
    listening: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "ensure", lambda: pytest.fail("worked before checking"))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert cli.main(["--port", str(listening)]) == 2
    said = capsys.readouterr().err
    assert f"Cổng {listening}" in said
    assert "--port" in said


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Failure, match="không phải của máy này"):
        check_free("192.0.2.1", 8000)


def test_a_wrong_port_of_the_environment_is_blamed_on_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KHUNG_PORT", "abc")
    with pytest.raises(Failure, match="KHUNG_PORT") as caught:
        cli.start([])
    assert "--port" not in caught.value.vi


def test_a_port_that_is_no_port(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.start(["--port", "99999"])
    assert "1 đến 65535" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EROFS, "chỉ đọc"), (errno.EACCES, "không đủ quyền"), (errno.ENOSPC, "đã đầy")],
)
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(Failure, match=words) as caught:
        places.check_writable(tmp_path)
    assert str(tmp_path) in caught.value.vi


def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    places.check_writable(tmp_path / "new" / "data")
    assert (tmp_path / "new" / "data").stat().st_mode & 0o077 == 0


def test_too_little_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**30, 2**30, 2**20))
    with pytest.raises(Failure, match="chỉ còn 1 MB"):
        places.check_writable(tmp_path, 600)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("NewConnectionError: Failed to resolve 'x' ([Errno -3] name resolution)", "không có mạng"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "đã đầy"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "mã băm"),
        ("error: something else", "something else"),
    ],
)
def test_a_failed_installation_says_why(
    output: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "WHEELHOUSE", tmp_path / "wheelhouse")
    assert words in environment._explain(output).vi


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that looks built, in a folder of its own."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    for name, place in {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "MARKER": venv / "marker.json",
        "RUNTIME_LOCK": tmp_path / "requirements.lock",
        "DEVELOPMENT_LOCK": tmp_path / "requirements-dev.lock",
    }.items():
        monkeypatch.setattr(environment, name, place)
    (tmp_path / "requirements.lock").write_text("a==1")
    (tmp_path / "requirements-dev.lock").write_text("a==1\nb==1")
    return tmp_path


def test_the_environment_is_built_once_per_lock(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []

    def build(lock: Path) -> None:
        (project / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        python = project / ".venv" / "bin" / "python"
        python.unlink(missing_ok=True)
        python.symlink_to(sys.executable)
        built.append(lock.name)

    monkeypatch.setattr(environment, "_build", build)
    environment.ensure()
    environment.ensure()
    assert built == ["requirements.lock"]
    environment.ensure(development=True)
    environment.ensure()
    assert built == ["requirements.lock", "requirements-dev.lock"]
    (project / "requirements.lock").write_text("a==2")
    environment.ensure()
    assert built[2:] == ["requirements.lock"]
    marker = json.loads((project / ".venv" / "marker.json").read_text())
    (project / ".venv" / "marker.json").write_text(json.dumps({**marker, "place": "elsewhere"}))
    environment.ensure()
    assert len(built) == 4


@pytest.mark.parametrize("uv", [True, False])
def test_every_installation_checks_hashes_and_uses_the_wheelhouse(
    project: Path, monkeypatch: pytest.MonkeyPatch, uv: bool
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str]) -> subprocess.CompletedProcess[str]:
        commands.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, 0, "")

    (project / "wheelhouse").mkdir()
    monkeypatch.setattr(environment, "WHEELHOUSE", project / "wheelhouse")
    monkeypatch.setattr(environment, "_captured", run)
    monkeypatch.setattr(shutil, "which", lambda _: "uv" if uv else None)
    environment._build(project / "requirements.lock")
    installs = [command for command in commands if "install" in command]
    assert len(installs) == 1
    assert {"--require-hashes", "--no-index", "--find-links"} <= set(installs[0])


def test_a_missing_tool_fails_in_ci_and_is_said_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHUNG_TEST_POSTGRES_URL", "postgresql://nobody@127.0.0.1:9/none")
    monkeypatch.setenv("CI", "true")
    assert checks._postgresql([])[1] == 1
    monkeypatch.delenv("CI")
    passed, failed, skipped, note = checks._postgresql([])
    assert (passed, failed, skipped) == (0, 0, 1)
    assert "PostgreSQL" in note


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def signal_when_listening(number: signal.Signals, ports: list[int]) -> None:
    """Send a signal to this process once all that was started is there."""
    wait_until_taken(ports)
    os.kill(os.getpid(), number)


def wait_until_taken(ports: list[int]) -> None:
    for port in ports:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)


def wait_until_free(port: int) -> None:
    """A killed process lets go of its port a moment after the signal."""
    deadline = time.monotonic() + 5
    while True:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < deadline, f"port {port} is still taken"
            time.sleep(0.05)
        else:
            return


def sleeper(port: int = 0, *, stubborn: bool = False) -> list[str]:
    """A process that made another one, which keeps a port."""
    server = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(99)"
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if stubborn else ""
    start = f"subprocess.Popen([sys.executable, '-c', {server!r}]);"
    return [
        sys.executable,
        "-c",
        f"import signal, subprocess, sys, time; {ignore}{start}time.sleep(99)",
    ]


def test_an_interrupted_installation_leaves_no_process() -> None:
    port = free_port()
    threading.Thread(target=signal_when_listening, args=(signal.SIGINT, [port])).start()
    with pytest.raises(KeyboardInterrupt):
        environment._captured(sleeper(port))
    wait_until_free(port)


@pytest.fixture
def signals() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (2, 15, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_parent_ends_every_process(
    signals: None, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr("khung.base.processes.STOP_SECONDS", 0.5)
    ports = [free_port(), free_port()]
    children = [Child("a", sleeper(ports[0])), Child("b", sleeper(ports[1], stubborn=True))]
    family = Family(children, lambda text: None)
    threading.Thread(target=signal_when_listening, args=(number, ports)).start()
    assert family.run(when_started=lambda _: None) == 0
    assert [child.exit_code() for child in children] == [-signal.SIGTERM, -signal.SIGKILL]
    for port in ports:
        wait_until_free(port)


def test_a_child_that_keeps_dying_stops_all_with_an_error(
    signals: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khung.base.processes.RESTART_AFTER_SECONDS", 0.0)
    said: list[str] = []
    children = [Child("Máy chủ", sleeper()), Child("Lịch", [sys.executable, "-c", "exit(3)"])]
    assert Family(children, said.append).run(when_started=lambda _: None) == 1
    assert len([line for line in said if "khởi động lại" in line]) == DEATHS_ALLOWED
    assert "Lịch dừng liên tục (mã 3)" in said[-1]
    assert children[0].exit_code() is not None


def test_the_children_of_a_killed_parent_end_and_hold_its_lock_until_then(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    commands = [sleeper(ports[0]), sleeper(ports[1], stubborn=True)]
    program = (
        "import fcntl, os, signal\n"
        "from khung.base import processes\n"
        "from khung.base.processes import Child, Family\n"
        "processes.STOP_SECONDS = 0.5\n"
        f"lock = os.open({str(tmp_path / 'lock')!r}, os.O_CREAT | os.O_RDWR)\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        f"children = [Child('x', command) for command in {commands!r}]\n"
        "Family(children, print, lock).run(when_started=lambda _: None)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    try:
        wait_until_taken(ports)
    finally:
        parent.kill()
        parent.wait()
    with (tmp_path / "lock").open() as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for port in ports:
            wait_until_free(port)
        deadline = time.monotonic() + 5
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                assert time.monotonic() < deadline, "somebody still holds the lock"
                time.sleep(0.05)
            else:
                break


def test_the_warden_ends_only_those_of_the_newest_whole_line() -> None:
    earlier, newest = (subprocess.Popen(sleeper(), start_new_session=True) for _ in range(2))
    try:
        warden.watch([f"{earlier.pid}\n", f"{newest.pid}\n", str(earlier.pid)], stop_seconds=0.2)
        assert newest.wait(5) == -signal.SIGTERM
        assert earlier.poll() is None
    finally:
        for process in (earlier, newest):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_up_serves_a_page_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The real server, on a data folder that is somebody's own and so loads no demonstration."""
    (tmp_path / "installation.json").write_text('{"kind": "own", "complete": true}')
    port = free_port()
    environ = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environ |= {"KHUNG_DATA": str(tmp_path), "KHUNG_PORT": str(port), "KHUNG_WEB_WORKERS": "1"}
    environ |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    log = tmp_path / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "up"], env=environ, stdout=file, stderr=file
        )
    try:
        deadline = time.monotonic() + 120
        while f"http://127.0.0.1:{port}/" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        try:
            status = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).status
        except urllib.error.HTTPError as error:
            status = error.code
        assert status < 500, log.read_text()
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0, log.read_text()
        assert time.monotonic() - started < 10
        wait_until_free(port)
    finally:
        process.kill()
        process.wait()
