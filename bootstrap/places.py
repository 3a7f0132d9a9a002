"""Where things stand in the project folder, and whether they may be written."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

from bootstrap.failure import Failure

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MANAGE = ROOT / "manage.py"
WHEELHOUSE = ROOT / "wheelhouse"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"


def data_folder() -> Path:
    """The folder of the database and uploads, as `config.settings` reads it."""
    return Path(os.environ.get("KHUNG_DATA", "").strip() or ROOT / "data").resolve()


def check_writable(folder: Path, needed_megabytes: int = 1) -> None:
    """Make `folder`, for its owner only, if it is missing.

    Raises Failure if it can't be written or is too full.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"khung")
    except OSError as error:
        raise explain_os_error(error, folder) from error
    free = shutil.disk_usage(folder).free // 2**20
    if free < needed_megabytes:
        raise Failure(
            f"Đĩa chứa {folder} chỉ còn {free} MB, cần ít nhất {needed_megabytes} MB. "
            "Hãy dọn bớt rồi chạy lại.",
            f"The disk of {folder} has {free} MB left; {needed_megabytes} MB are needed.",
        )


def explain_os_error(error: OSError, folder: Path) -> Failure:
    """The Failure that tells why `folder` could not be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(folder)
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return Failure(
            f"Không ghi được vào thư mục {folder} (chỉ đọc hoặc không đủ quyền). "
            "Hãy đặt dự án ở thư mục ghi được, hoặc đặt KHUNG_DATA cho thư mục dữ liệu.",
            f"Cannot write to {folder}: it is read-only or not yours. Move the project to a "
            "folder you may write to, or set KHUNG_DATA for the data folder.",
        )
    return Failure(f"Không dùng được thư mục {folder}: {error}.", f"Cannot use {folder}: {error}.")


def disk_full(folder: Path) -> Failure:
    return Failure(
        f"Đĩa chứa {folder} đã đầy. Hãy dọn bớt rồi chạy lại; phần làm dở sẽ được làm lại.",
        f"The disk of {folder} is full. Free some space and run again.",
    )
