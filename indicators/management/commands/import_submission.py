from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.errors import TransitionError
from accounts.models import User
from indicators.models import ReportingForm, Submission


class Command(BaseCommand):
    help = "Send a bureau's file through the one door, print all findings with their cells, and submit it when nothing stands against it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="user name of the bureau's clerk")
        parser.add_argument("--form", default="", help="form code, where the file does not name it")
        parser.add_argument("--period", default="", help="period, where the file does not name it")
        parser.add_argument("--submit", action="store_true", help="send it to review when no finding needs an answer")

    def handle(self, *, file: Path, by: str, form: str, period: str, submit: bool, **options: Any) -> None:
        try:
            user = User.objects.get(username=by)
            chosen = ReportingForm.objects.get(code=form) if form else None
            content = file.read_bytes()
        except (User.DoesNotExist, ReportingForm.DoesNotExist, OSError) as error:
            raise CommandError(str(error)) from error
        try:
            submission, new = Submission.objects.receive(
                content, file.name, by=user, door="command", form=chosen, period=period, check_now=True
            )
        except (PermissionDenied, ValueError) as error:
            raise CommandError(str(error)) from error
        if not new:
            self.stdout.write(f"These bytes are submission {submission.pk} already ({submission.get_state_display()}).")
        for finding in submission.findings.all():
            self.stdout.write(f"{finding.severity:8} {finding.rule:24} {str(finding.cell or ''):16} {finding.sentence}")
        if submit and submission.allows("submit"):
            try:
                submission.submit(by=user)
            except TransitionError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"submission {submission.pk}: {submission.get_state_display()}")
        if submission.state == Submission.State.REFUSED:
            raise CommandError("refused")
