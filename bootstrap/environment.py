"""Builds `.venv` from a hash-checked lock, with uv if it is there and with pip if not."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from bootstrap.failure import Failure
from bootstrap.places import (
    DEVELOPMENT_LOCK,
    PYTHON,
    ROOT,
    RUNTIME_LOCK,
    VENV,
    WHEELHOUSE,
    check_writable,
    disk_full,
)

MARKER = VENV / "khung-environment.json"
NEEDED_MEGABYTES = 600

_NO_NETWORK = re.compile(
    r"Name or service not known|name resolution|Failed to resolve|dns error|NewConnectionError"
    r"|ConnectTimeout|Connection refused|Network is unreachable|error sending request"
    r"|Read timed out|Could not connect",
    re.IGNORECASE,
)
_NO_SPACE = re.compile(r"No space left on device|\[Errno 28\]|os error 28")
_BAD_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch", re.IGNORECASE)


def say(text: str) -> None:
    """Progress goes to standard error: standard output belongs to the command's own output."""
    print(text, file=sys.stderr, flush=True)


def ensure(*, development: bool = False) -> None:
    """Have `.venv` hold exactly what the lock names; do nothing if it already does.

    Raises Failure for no network, a full disk, a folder that can't be written or wrong hashes.
    """
    lock = DEVELOPMENT_LOCK if development else RUNTIME_LOCK
    wanted = _fingerprint(lock)
    marker = _read_marker()
    if marker.get(lock.name) == wanted:
        return
    check_writable(ROOT, NEEDED_MEGABYTES)
    say("Khung: đang chuẩn bị môi trường Python, lần đầu mất khoảng một phút …")
    if not marker:
        # Without a marker the folder is someone's half-built one, or another Python's.
        shutil.rmtree(VENV, ignore_errors=True)
    _build(lock)
    # The development lock holds the runtime lock's packages at the same versions.
    installed = {lock.name: wanted}
    if development:
        installed[RUNTIME_LOCK.name] = _fingerprint(RUNTIME_LOCK)
    MARKER.write_text(json.dumps({"place": _place(), **installed}))


def _place() -> str:
    """Environments don't survive a move or another Python."""
    return f"{VENV} {sys.version}"


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _read_marker() -> dict[str, str]:
    try:
        marker: dict[str, str] = json.loads(MARKER.read_text())
    except (OSError, ValueError):
        return {}
    return marker if marker.get("place") == _place() and PYTHON.exists() else {}


def _build(lock: Path) -> None:
    uv = shutil.which("uv")
    if uv and _build_with_uv(uv, lock):
        return
    if not PYTHON.exists() or not _has_pip():
        _create_with_venv()
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input"]
    install += ["--disable-pip-version-check", "--require-hashes", *_source(), "-r", str(lock)]
    result = _captured(install)
    if result.returncode != 0:
        raise _explain(result.stdout)


def _build_with_uv(uv: str, lock: Path) -> bool:
    """False where uv can't do it: pip, which knows other settings, then says why."""
    if (
        not PYTHON.exists()
        and _captured(
            [uv, "venv", "--quiet", "--no-python-downloads", "--python", sys.executable, str(VENV)]
        ).returncode
    ):
        return False
    install = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
    return _captured([*install, *_source(), "-r", str(lock)]).returncode == 0


def _source() -> list[str]:
    return ["--no-index", "--find-links", str(WHEELHOUSE)] if WHEELHOUSE.is_dir() else []


def _has_pip() -> bool:
    return _captured([str(PYTHON), "-m", "pip", "--version"]).returncode == 0


def _create_with_venv(folder: Path = VENV) -> None:
    python = folder / PYTHON.relative_to(VENV)
    venv.create(folder, clear=True, symlinks=True)
    # Not venv's own with_pip: a process of its process would survive Ctrl-C.
    if _captured([str(python), "-m", "ensurepip", "--upgrade", "--default-pip"]).returncode:
        raise Failure(
            "Python này không tạo được môi trường ảo (thiếu ensurepip). "
            "Trên Debian, Ubuntu: apt-get install python3-venv, hoặc cài uv, rồi chạy lại.",
            "This Python cannot make virtual environments: install python3-venv, or uv.",
        )


def _captured(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command and keep what it prints; whatever interrupts us ends all it started."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate()
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, output)


def _explain(output: str) -> Failure:
    """The Failure behind what pip printed."""
    if _NO_SPACE.search(output):
        return disk_full(VENV)
    if _BAD_HASH.search(output):
        return Failure(
            "Một gói tải về không đúng mã băm trong tệp khóa: không cài. "
            "Hãy chạy lại; nếu vẫn vậy, nguồn tải không đáng tin cậy.",
            "A downloaded package does not match its hash in the lock; nothing was installed.",
        )
    if WHEELHOUSE.is_dir():
        return Failure(
            f"Thư mục {WHEELHOUSE} thiếu gói hoặc dành cho bản Python khác. Trên máy có mạng, "
            f"chạy: python3 run.py bundle, rồi chép lại thư mục.\n{_tail(output)}",
            "The wheelhouse lacks packages or was made for another Python: make it anew.",
        )
    if _NO_NETWORK.search(output):
        return Failure(
            "Không tải được thư viện: máy không có mạng và cũng chưa có thư mục wheelhouse. "
            "Trên một máy cùng loại có mạng, chạy: python3 run.py bundle, "
            f"rồi chép thư mục wheelhouse vào {ROOT} và chạy lại.",
            "No network and no wheelhouse. On a similar machine with network, run "
            f"`python3 run.py bundle`, copy the folder wheelhouse into {ROOT}, run again.",
        )
    return Failure(f"Cài thư viện không thành công:\n{_tail(output)}", "Installation failed.")


def _tail(output: str) -> str:
    return "\n".join(output.strip().splitlines()[-15:])


def bundle() -> None:
    """Download every package of the runtime lock into `wheelhouse/`, for sites without network."""
    check_writable(ROOT, NEEDED_MEGABYTES)
    say(f"Khung: đang tải các gói vào {WHEELHOUSE} …")
    with tempfile.TemporaryDirectory() as folder:
        _create_with_venv(Path(folder))
        pip = str(Path(folder) / PYTHON.relative_to(VENV))
        fresh = Path(folder) / "wheelhouse"
        download = [pip, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        download += ["--require-hashes", "--only-binary", ":all:", "-d", str(fresh)]
        result = _captured([*download, "-r", str(RUNTIME_LOCK)])
        if result.returncode != 0:
            raise _explain(result.stdout)
        shutil.rmtree(WHEELHOUSE, ignore_errors=True)
        shutil.copytree(fresh, WHEELHOUSE)
    size = sum(file.stat().st_size for file in WHEELHOUSE.iterdir()) // 2**20
    print(f"Đã tải {len(list(WHEELHOUSE.iterdir()))} gói, {size} MB, vào {WHEELHOUSE}.")


def lock() -> None:
    """Make both locks anew from pyproject.toml; needs uv and network."""
    uv = shutil.which("uv")
    if uv is None:
        raise Failure("Cần uv để làm lại tệp khóa.", "uv is needed to make the locks.")
    compile_ = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    compile_ += ["--generate-hashes", "--no-header", "--no-annotate", "--upgrade"]
    for target, group in ((RUNTIME_LOCK, []), (DEVELOPMENT_LOCK, ["--group", "dev"])):
        subprocess.run(
            [*compile_, *group, "pyproject.toml", "-o", target.name], cwd=ROOT, check=True
        )
