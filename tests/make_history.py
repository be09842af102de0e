"""The demonstration's past for tests: its files are made once, and any part of it is loaded by the real job."""

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from accounts.models import Bureau, User
from jobs.models import Job
from qhenv.celery import handlers
from tests.conftest import DEMO, QINGHAI

PUBLISHED = QINGHAI / "published" / "schedule.csv"


@cache
def made() -> Path:
    """The folder of the generated files; made by the demonstration's own script, once for each state of its sources."""
    paths = sorted(path for folder in (DEMO, QINGHAI) for path in folder.rglob("*") if path.suffix in (".py", ".csv"))
    state = sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    folder: Path = settings.BASE / ".pytest_cache" / f"history-{state[:12]}"
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent)) / "history"
        subprocess.run([sys.executable, str(DEMO / "generate.py"), str(fresh)], check=True, capture_output=True)
        with suppress(OSError):  # another worker was quicker, and made the same
            fresh.rename(folder)
        shutil.rmtree(fresh.parent)
    return folder


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def part_of_schedule(name: str, wanted: Callable[[Mapping[str, str]], bool]) -> Path:
    """A schedule of the generated files that holds the wanted rows only."""
    rows, path = table(made() / "schedule.csv"), settings.VAR / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"file": str(made() / row["file"])} for row in rows if wanted(row))
    return path


def make_people() -> None:
    """A clerk for every bureau and a reviewer: who filed and decided in the past."""
    for bureau in Bureau.objects.all():
        User.objects.create_user(f"clerk-{bureau.code}", role=User.Role.REPORTER, bureau=bureau)
    User.objects.create_user("past-reviewer", role=User.Role.REVIEWER)


def load(*schedules: Path) -> Job:
    """Replay schedules as the first start does, then do all the jobs that follow from it."""
    job = Job.objects.enqueue("load_history", {"schedules": [str(path) for path in schedules], "register": str(made() / "projects.csv")})
    work_off()
    job.refresh_from_db()
    return job


def work_off() -> None:
    """What a worker does until nothing waits."""
    while waiting := Job.objects.filter(state=Job.State.QUEUED).order_by("pk").first():
        Job.objects.run(waiting.pk, handlers())
        waiting.refresh_from_db()
        assert waiting.state == Job.State.DONE, waiting.error


LOADED: dict[tuple[str, ...], list[tuple[str, list[tuple[Any, ...]]]]] = {}


@contextmanager
def part_of_the_past(blocker: Any, today: str, *periods: str) -> Iterator[None]:
    """Some periods of the past on a day of the clock, approved and assessed: for all tests of a module, then taken back. Who asks for
    the same part again gets the rows the first loading wrote."""
    with pytest.MonkeyPatch.context() as patch, blocker.unblock(), transaction.atomic():
        patch.setenv("QHENV_TODAY", today)
        if (today, *periods) in LOADED:
            _put(LOADED[today, *periods])
        else:
            before = _tables()
            make_people()
            load(PUBLISHED, part_of_schedule("-".join(periods), lambda row: row["period"] in periods))
            LOADED[today, *periods] = [(name, [row for row in rows if row not in before[name]]) for name, rows in _tables().items()]
        yield
        transaction.set_rollback(True)


def _tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the database holds it."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            found[model._meta.db_table] = [tuple(bytes(x) if isinstance(x, memoryview) else x for x in row) for row in cursor.fetchall()]
    return found


def _put(tables: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
    with connection.cursor() as cursor:
        for name, rows in tables:
            if rows:
                places = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {connection.ops.quote_name(name)} VALUES ({places})", rows)
