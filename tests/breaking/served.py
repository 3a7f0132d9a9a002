"""Settings of a server that shares the data folder and the database of the test that starts it."""

from config.settings import *  # noqa: F403

# Pages name their files without a collectstatic run, as in `tests/settings.py`.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
