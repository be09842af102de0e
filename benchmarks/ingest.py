"""From an upload to its findings page over HTTP on a running desk installation, and django-import-export on the same workbook with the
same rules. See README.md here.

.venv/bin/pip install "django-import-export[xlsx]"
.venv/bin/python -m benchmarks.ingest
"""

import csv
import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic, sleep
from uuid import uuid4

ROOT = Path(__file__).parent.parent
HEADER = ("indicator", "area", "period", "unit", "value", "source", "note")
AREAS = ("630000", "630100", "632200", "632300", "632500", "632600", "632700", "632800")
MOST_WORKBOOK, MOST_CSV = 1.0, 8.0  # seconds, from the upload to the findings page
RUNS = 5
Line = tuple[str, str, str, str, float | str, str, str]


def lines(count: int, seed: int) -> list[Line]:
    """Figures of the bulk form, newest quarter first, growing two percent a year; one in sixty has a mistake or an odd size."""
    with (ROOT / "fixtures" / "qinghai" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["reported"] == "reported" and row["kind"] in ("flow", "stock")]
    random, found = Random(seed), []  # noqa: S311 (figures, no secrets)
    for year in range(2017, 1900, -1):
        for quarter in (4, 3, 2, 1):
            for row in listed:
                for area in AREAS:
                    value: float | str = _value(row, year, quarter) * random.choice((1.01, 1.0, 0.99))
                    value = round(value, int(row["decimals"]))
                    mistake = random.randrange(180)
                    value = {0: "约" + str(value), 1: value * 10000, 2: f"{value:,}"}.get(mistake, value)
                    found.append((row["code"], area, f"{year}-Q{quarter}", row["unit"], value, "台账", ""))
                    if len(found) == count:
                        return found
    raise ValueError(f"{count} rows are more than there are figures")


def _value(row: dict[str, str], year: int, quarter: int) -> float:
    whole = 2000.0 * (0.5 if row["code"].endswith("N") else 1) * 1.02 ** (year - 2017)
    return whole * quarter / 4 if row["kind"] == "flow" else whole


def as_csv(rows: list[Line]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([("form", "BULK"), ("bureau", "BUR-630000"), HEADER, *rows])
    return text.getvalue().encode()


def as_workbook(rows: list[Line], heading: bool = True) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("填报表")
        above = [("form", "BULK"), ("bureau", "BUR-630000")] if heading else []
        for place, line in enumerate([*above, HEADER, *rows]):
            sheet.write_row(place, 0, line)
    return content.getvalue()


class Browser:
    """A signed-in clerk: as much of a browser as posting a file and reading pages needs."""

    def __init__(self, address: str) -> None:
        self.address, self.jar = address, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), urllib.request.ProxyHandler({}))

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> tuple[str, str]:
        """Address and text of the page that the post leads to."""
        mark = uuid4().hex
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "") or ""
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in (fields | {"csrfmiddlewaretoken": token}).items()
        ]
        if file:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n\r\n'
            parts += [head.encode(), file[1], b"\r\n"]
        request = urllib.request.Request(self.address + path, b"".join([*parts, f"--{mark}--\r\n".encode()]))  # noqa: S310 (loopback)
        request.add_header("Content-Type", f"multipart/form-data; boundary={mark}")
        request.add_header("Referer", self.address)
        with self.opener.open(request, timeout=60) as answer:
            return str(answer.geturl()).removeprefix(self.address), str(answer.read().decode())

    def ingest(self, name: str, content: bytes) -> tuple[float, list[int]]:
        """Seconds from the upload until its page shows the findings, and the percentages the progress bar showed meanwhile."""
        started, seen = monotonic(), list[int]()
        path, page = self.post("/submissions/upload/", {}, (name, content))
        while 'class="progress' in page:
            seen += [int(percent) for percent in re.findall(r'bar-fill" width="(\d+)"', page)[:1]]
            sleep(0.05)
            page = self.get(path)
        if "findings-box" not in page:
            raise SystemExit(f"{name}: the page {path} shows no findings")
        return monotonic() - started, seen


@contextmanager
def running(folder: str) -> Iterator[Browser]:
    """The desk installation on a folder of its own, with accounts and dictionary and without a past."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"QHENV_VAR": folder, "QHENV_PORT": str(port), "QHENV_DEMO": "1", "QHENV_TODAY": "2018-10-20"}
    command = [str(ROOT / "qh"), "manage", "prepare", "--no-history"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    up = subprocess.Popen([ROOT / "qh", "up"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        browser = Browser(f"http://127.0.0.1:{port}")
        _wait(browser)
        browser.get("/login/")
        browser.post("/login/", {"username": "clerk-province", "password": "qinghai-2018"})
        browser.ingest("first.csv", as_csv(lines(480, seed=99)))  # the first of its kind wakes everything up
        yield browser
    finally:
        os.killpg(up.pid, signal.SIGINT)
        up.wait(timeout=30)


def _wait(browser: Browser) -> None:
    for _second in range(600):
        try:
            browser.get("/readyz")
        except OSError:
            sleep(0.2)
        else:
            return
    raise SystemExit("the installation did not start")


def import_export(folder: str) -> dict[str, list[float]]:
    """Seconds django-import-export needs for the workbook, as its documentation shows it and tuned, with our rules run over the rows."""
    os.environ |= {"QHENV_VAR": folder, "QHENV_TODAY": "2018-10-20", "DJANGO_SETTINGS_MODULE": "qhenv.settings"}
    import django

    django.setup()
    from benchmarks import import_export_resources as peers

    return {
        name: [peers.timed(kind, as_workbook(lines(480, seed), heading=False)) for seed in range(RUNS)]
        for name, kind in peers.RESOURCES.items()
    }


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="qhenv-ingest-") as folder:
        with running(folder) as browser:
            workbook = [browser.ingest(f"{seed}.xlsx", as_workbook(lines(480, seed)))[0] for seed in range(RUNS)]
            large = [browser.ingest(f"{seed}.csv", as_csv(lines(100_000, seed))) for seed in range(3)]
        peers = import_export(folder)
    say = sys.stdout.write
    say(f"workbook of 480 rows, upload to findings page: {median(workbook):.2f} s ({min(workbook):.2f} to {max(workbook):.2f})\n")
    for name, times in peers.items():
        say(f"  django-import-export, {name}: {median(times):.2f} s\n")
    seconds = [time for time, _seen in large]
    say(f"CSV of 100,000 rows, upload to findings page: {median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f})\n")
    say(f"  the bar showed {sorted(set(large[-1][1]))} percent\n")
    held = median(workbook) <= MOST_WORKBOOK and median(seconds) <= MOST_CSV and all(len(set(seen)) > 2 for _time, seen in large)
    say("held\n" if held else "NOT held\n")
    return not held


if __name__ == "__main__":
    sys.exit(main())
