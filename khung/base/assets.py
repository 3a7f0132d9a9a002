"""Static files that come from wheels: Bootstrap's stylesheet and the font cut from Noto Sans.

Only what pages use is taken, so that collecting stays quick.
"""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from khung.base import fonts

BOOTSTRAP = ("bootstrap.min.css", "bootstrap.min.css.map")


def bootstrap_folder() -> Path:
    spec = find_spec("django_include_bootstrap")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("django_include_bootstrap")
    return Path(spec.origin).parent / "static" / "css"


class WheelFinder(BaseFinder):
    """Finds `vendor/bootstrap.min.css` and `vendor/noto-sans.woff2`."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [
            str(Path(storage.location) / name)
            for name, storage in self.list([])
            if f"{storage.prefix}/{name}" == path
        ]
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        yield from ((name, _storage(bootstrap_folder())) for name in BOOTSTRAP)
        yield fonts.FILE_NAME, _storage(fonts.folder())


def _storage(folder: Path) -> FileSystemStorage:
    storage = FileSystemStorage(location=folder)
    storage.prefix = "vendor"  # type: ignore[attr-defined]  # collectstatic puts it before the name
    return storage
