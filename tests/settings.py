"""The project's settings with a data folder of their own, so that no test touches real data."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_data = Path(tempfile.mkdtemp(prefix="khung-tests-"))
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["KHUNG_DATA"] = str(_data)
for _name in ("KHUNG_DEMONSTRATION", "KHUNG_DEBUG", "KHUNG_HOST", "KHUNG_PORT", "KHUNG_HTTPS"):
    os.environ.pop(_name, None)
# Nothing a test does may leave this machine.
for _name in ("KHUNG_SITE_URL", "KHUNG_SMTP_HOST", "KHUNG_ZALO_ADAPTER", "KHUNG_SMS_ADAPTER"):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir()
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, so that threads and the browser tests meet the locks of a real installation.
    DATABASES["default"]["TEST"] = {"NAME": str(_data / "tests.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Pages name their files without a collectstatic run; passwords hash at once.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REFUSE_WRITES_ON_GET = True
