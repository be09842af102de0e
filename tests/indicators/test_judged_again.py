"""What a check rests on may change after it: sending and approving judge the stored figures once more."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from accounts.errors import TransitionError
from indicators.models import Project
from tests.indicators.test_register import ROW
from tests.make import explain_all, make_lines, make_workbook, send


@pytest.mark.parametrize("step", ["submit", "approve"])
def test_a_register_that_changed_after_the_check_stops_the_figure_that_rested_on_it(qinghai: SimpleNamespace, step: str) -> None:
    Project.objects.load([ROW], by=qinghai.clerk)
    submission = send(make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q4"), period="2015-Q4"), qinghai.clerk)
    assert submission.state == submission.State.CHECKED
    explain_all(submission, qinghai.clerk)
    if step == "approve":
        submission.submit(by=qinghai.clerk)
    Project.objects.load([replace(ROW, capacity=Decimal(30))], by=qinghai.clerk)
    with pytest.raises(TransitionError):
        submission.submit(by=qinghai.clerk) if step == "submit" else submission.approve(by=qinghai.reviewer)
    submission.refresh_from_db()
    assert submission.state == (submission.State.CHECKED if step == "submit" else submission.State.SUBMITTED)
    Project.objects.load([ROW], by=qinghai.clerk)
    submission.submit(by=qinghai.clerk) if step == "submit" else submission.approve(by=qinghai.reviewer)
