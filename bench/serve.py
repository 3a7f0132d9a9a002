"""Becomes the web server, started as `manage.py up` starts it but with the bench's settings."""

import os

import django
from django.conf import settings


def main() -> None:
    django.setup()
    from khung.base.management.commands.up import children

    command = list(children()[0].command)
    os.environ["PYTHONPATH"] = str(settings.BASE_DIR)
    os.execv(command[0], command)  # noqa: S606 - our own command


if __name__ == "__main__":
    main()
