"""The one place that reads the clock; everybody else is told the time."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """This moment, aware, in the time zone of the installation."""
    return timezone.localtime(timezone.now())


def today() -> dt.date:
    """The day it is in the time zone of the installation, whatever the server's own zone."""
    return now().date()
