"""Django's management commands. `python3 run.py manage …` prepares everything first."""

import os
import sys

from django.core.management import execute_from_command_line

from config.env import BadSetting

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except BadSetting as error:
        sys.exit(f"Khung: biến môi trường sai. {error}")
    except KeyboardInterrupt:
        sys.exit(130)
