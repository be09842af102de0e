"""One figure from a workbook's cell to chart and export, and back to the cell: the architecture's straight line, walked in order."""

import csv
import io
import json
from decimal import Decimal
from types import SimpleNamespace

from openpyxl import load_workbook

from indicators.models import Observation, Submission
from jobs.models import Job
from qhenv.celery import handlers
from targets.models import Assessment
from tests.conftest import client_of
from tests.make import FIRST_ROW, VALUE_COLUMN, make_lines, make_workbook

PERIOD = "2015-Q4"
WORKED = Decimal("123.45")  # K1: floor area retrofitted by the end of 2015


def run_jobs() -> None:
    """What a worker does: every waiting job, by its number."""
    for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
        Job.objects.run(job.pk, handlers())
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error


def test_one_figure_walks_from_its_cell_to_chart_and_export_and_back(qinghai: SimpleNamespace) -> None:
    lines = make_lines("BUR-630200", "QH-Q", PERIOD, {"K1": float(WORKED)})
    row = FIRST_ROW + [line[0] for line in lines].index("K1")
    clerk, reviewer, leader = (client_of(person) for person in (qinghai.clerk, qinghai.reviewer, qinghai.leader))

    # upload: the page takes the workbook, a worker checks it
    file = io.BytesIO(make_workbook(lines, period=PERIOD))
    file.name = "海东-2015Q4.xlsx"
    answer = clerk.post("/submissions/upload/", {"file": file})
    submission = Submission.objects.get()
    assert answer.url == submission.get_absolute_url()
    run_jobs()
    submission.refresh_from_db()
    assert submission.state == Submission.State.CHECKED
    assert not submission.findings.filter(severity="error").exists()

    # submission: the bureau sends it, the entry knows its cell
    clerk.post(f"/submissions/{submission.pk}/submit/")
    entry = submission.entries.get(indicator__code="K1")
    assert (entry.value, entry.cell.row, entry.cell.column) == (WORKED, row, VALUE_COLUMN)
    assert not Observation.objects.exists()

    # review: somebody else approves, the figure becomes an observation
    reviewer.post(f"/submissions/{submission.pk}/approve/")
    observation = Observation.objects.get(indicator__code="K1")
    assert (observation.value, observation.area.code, observation.period) == (WORKED, "630200", PERIOD)

    # assessment: the job computes the target
    run_jobs()
    assessment = Assessment.objects.current().get(target__code="K1-2015", area__code="630200", period=PERIOD)
    goal = assessment.target.allocations.get(area__code="630200").value
    assert assessment.value == WORKED
    assert assessment.gap == WORKED - goal

    # chart: the same number is drawn
    chart = json.loads(leader.get("/targets/K1-2015/charts/trajectory.json", {"area": "630200"}).content)
    assert float(WORKED) in [y for trace in chart["data"] for y in trace["y"] if y is not None]

    # export: the same number stands in the workbook and in the CSV
    export = leader.get("/reports/compliance.xlsx", {"period": PERIOD, "area": "630200"})
    cells = [[cell.value for cell in line] for line in load_workbook(io.BytesIO(export.content)).active.iter_rows()]
    assert float(WORKED) in next(line for line in cells if line[0] == "K1-2015")
    text = leader.get("/reports/compliance.csv", {"period": PERIOD, "area": "630200"}).content
    assert text.startswith(b"\xef\xbb\xbf")
    assert str(WORKED) in next(line for line in csv.reader(io.StringIO(text.decode("utf-8-sig"))) if line and line[0] == "K1-2015")

    # and back: from the target's page to the observation, its submission and its cell in the very bytes that were sent
    page = leader.get("/targets/K1-2015/", {"area": "630200", "period": PERIOD})
    assert submission.get_absolute_url() in page.content.decode()
    kept = load_workbook(io.BytesIO(bytes(observation.entry.submission.upload.content)))
    assert kept[observation.entry.sheet].cell(observation.entry.row, observation.entry.column).value == float(WORKED)
