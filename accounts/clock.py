"""The one clock. QHENV_TODAY (a date) or the real day; deadlines and the default as-of use nothing else."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The day the system believes it is. ValueError if QHENV_TODAY is set and is no date."""
    chosen = os.environ.get("QHENV_TODAY", "")
    return date.fromisoformat(chosen) if chosen else datetime.now(ZONE).date()


def now() -> datetime:
    """The moment a figure becomes known: the clock's day at the real time of day."""
    return datetime.combine(today(), datetime.now(ZONE).time(), ZONE)


def end_of(day: date) -> datetime:
    """The last moment of a day: 'as known on' a date includes all of it."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999999, ZONE)
