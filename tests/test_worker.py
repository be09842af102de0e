"""A real worker on the embedded broker: takes what it is told, is killed in the middle, and its successor ends the work."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DEMO, QINGHAI
from tests.make_history import made, part_of_schedule

pytestmark = pytest.mark.full
ROOT = Path(__file__).parent.parent
WORDS = "-q -A qhenv worker --beat --pidfile= --concurrency 2 --loglevel WARNING --without-gossip --without-mingle --without-heartbeat"
PEOPLE = """
from accounts.models import Bureau, User
for bureau in Bureau.objects.all():
    User.objects.create(username=bureau.code, role="reporter", bureau=bureau)
User.objects.create(username="reviewer", role="reviewer")
"""
UPLOAD = """
from pathlib import Path
from accounts.models import User
from indicators.models import Submission
file = Path({path!r})
Submission.objects.receive(file.read_bytes(), file.name, by=User.objects.get(username={clerk!r}), door="api")
"""
HISTORY = """
from jobs.models import Job
Job.objects.enqueue("load_history", {{"schedules": [{schedule!r}]}})
"""


class Installation:
    """A folder of its own with a database, a broker and, when started, a worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        self.environment = kept | {"QHENV_VAR": str(folder), "QHENV_TODAY": "2014-07-20", "QHENV_DEMO": "1", "REMAP_SIGTERM": "SIGQUIT"}
        self.worker: subprocess.Popen[bytes] | None = None

    def manage(self, *words: str) -> None:
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, check=True, capture_output=True, timeout=120)

    def tell(self, code: str, **words: str) -> None:
        """What the web process does: commits, and sends the message."""
        self.manage("shell", "-v", "0", "-c", code.format(**words))

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", *WORDS.split(), "--schedule", str(self.folder / "beat")]
        with (self.folder / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def end(self, how: signal.Signals) -> None:
        """To the worker and its children, by the group's number."""
        if self.worker:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.worker.pid, how)
            self.worker.wait(30)

    def is_gone(self) -> bool:
        """Whether nobody of the worker's group is left."""
        assert self.worker is not None
        try:
            os.killpg(self.worker.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as connection:
            found = connection.execute(query).fetchall()
            connection.commit()
            return found

    def until(self, holds: Callable[[], bool], seconds: int = 90) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, (
                self.rows("SELECT kind, state, done, total, error FROM jobs_job"),
                (self.folder / "worker.log").read_text()[-2000:],
            )
            time.sleep(0.1)

    def all_done(self) -> bool:
        return {state for (state,) in self.rows("SELECT state FROM jobs_job")} == {"done"}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    found = Installation(tmp_path)
    found.manage("migrate", "-v", "0")
    for pack in (QINGHAI, DEMO):
        found.manage("load_pack", str(pack))
    found.tell(PEOPLE)
    yield found
    found.end(signal.SIGKILL)


def test_worker_checks_what_another_process_received(installation: Installation) -> None:
    installation.start()
    installation.tell(UPLOAD, path=str(made() / "QH-Q" / "2014-Q1" / "西宁-2014Q1.xlsx"), clerk="BUR-630100")
    installation.until(installation.all_done)
    assert installation.rows("SELECT state, door FROM indicators_submission") == [("checked", "api")]
    assert installation.rows("SELECT kind, attempts FROM jobs_job") == [("check", 1)]
    assert installation.rows("SELECT COUNT(*) FROM indicators_entry")[0][0] > 50


def test_message_that_was_lost_is_sent_again(installation: Installation) -> None:
    """No worker was there, and somebody emptied the broker's folder."""
    installation.tell(UPLOAD, path=str(made() / "QH-Q" / "2014-Q1" / "西宁-2014Q1.xlsx"), clerk="BUR-630100")
    messages = list((installation.folder / "broker" / "queue").glob("*.msg"))
    assert len(messages) == 1
    messages[0].unlink()
    installation.start()
    installation.until(installation.all_done)


def test_work_of_a_killed_worker_is_ended_by_the_next(installation: Installation) -> None:
    schedule = part_of_schedule("worker", lambda row: row["period"] in ("2013", "2014-Q1"))
    installation.tell(HISTORY, schedule=str(schedule))
    installation.start()
    installation.until(lambda: installation.rows("SELECT done FROM jobs_job WHERE kind = 'load_history'")[0][0] >= 3)
    installation.end(signal.SIGKILL)
    ((state, done, total),) = installation.rows("SELECT state, done, total FROM jobs_job WHERE kind = 'load_history'")
    assert state == "running"
    assert 3 <= done < total

    installation.rows("UPDATE jobs_job SET lease_until = '2014-01-01 00:00:00' WHERE state = 'running'")  # a minute later
    installation.start()
    installation.until(installation.all_done)
    ((attempts, done, total),) = installation.rows("SELECT attempts, done, total FROM jobs_job WHERE kind = 'load_history'")
    assert (attempts, done) == (2, total)
    files = installation.rows("SELECT filename, bureau_id, arrived_at FROM indicators_submission")
    assert len(files) == len(set(files)) == len(schedule.read_text(encoding="utf-8").splitlines()) - 1
    assert not installation.rows("SELECT filename FROM indicators_submission WHERE state IN ('draft', 'submitted')")
    assert installation.rows("SELECT COUNT(*) FROM targets_assessment")[0][0] > 100


def test_worker_that_is_asked_to_end_leaves_nobody_behind(installation: Installation) -> None:
    installation.start()
    installation.tell(UPLOAD, path=str(made() / "QH-Q" / "2014-Q1" / "西宁-2014Q1.xlsx"), clerk="BUR-630100")
    installation.until(installation.all_done)
    installation.end(signal.SIGTERM)
    installation.until(installation.is_gone, 15)


def test_request_does_not_fail_when_the_broker_is_dead(installation: Installation) -> None:
    """Redis is named and not there: the file is kept, and a worker on a working broker does it later."""
    installation.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
    installation.tell(UPLOAD, path=str(made() / "QH-Q" / "2014-Q1" / "西宁-2014Q1.xlsx"), clerk="BUR-630100")
    assert installation.rows("SELECT state FROM jobs_job") == [("queued",)]
    del installation.environment["REDIS_URL"]
    installation.start()
    installation.until(installation.all_done)
