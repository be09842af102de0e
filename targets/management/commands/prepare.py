import csv
import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import clock
from accounts.models import Bureau, User
from indicators.models import ReportingTask
from jobs.models import Job
from targets.models import Plan

FIXTURES = settings.BASE / "fixtures"
MADE = settings.VAR / "demo"  # what the demonstration's own script writes
DEMO_PASSWORD = "qinghai-2018"  # noqa: S105 (printed at every start, for QHENV_DEMO=1 only)


class Command(BaseCommand):
    help = "Bring the installation up to date: migrations, static files, and on the first demonstration run policy, accounts and history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-history", action="store_true", help="accounts and policy only, no demonstration figures")

    def handle(self, *, no_history: bool, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if settings.STATIC_ROOT:
            self._collect_static()
        if settings.DEMO and not Plan.objects.exists():
            self._first_run(no_history)
        ReportingTask.objects.open_due(clock.today())  # what fell due while nobody was here; every day the scheduler does it
        if settings.DEMO:
            self._print_logins()

    def _collect_static(self) -> None:
        """Only when a source is newer than the last collection: at most starts nothing has changed."""
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        newest = max(path.stat().st_mtime for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*"))
        if not stamp.exists() or stamp.stat().st_mtime < newest:
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.touch()

    @transaction.atomic
    def _first_run(self, no_history: bool) -> None:
        for folder in ("qinghai", "demo"):
            call_command("load_pack", FIXTURES / folder, stdout=self.stdout)
        with (FIXTURES / "demo" / "users.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self._make_account(row)
        if not no_history:
            Job.objects.enqueue("load_history", {"schedules": self._schedules(), "register": str(MADE / "projects.csv")})

    def _schedules(self) -> list[str]:
        """Where the past is written: the published figures, and the generated ones, made now by their own script."""
        generator = subprocess.run(
            [sys.executable, str(FIXTURES / "demo" / "generate.py"), str(MADE)], capture_output=True, text=True, check=False
        )
        if generator.returncode:
            raise CommandError(f"the demonstration figures could not be made: {generator.stderr.strip()[-500:]}")
        return [str(FIXTURES / "qinghai" / "published" / "schedule.csv"), str(MADE / "schedule.csv")]

    def _make_account(self, row: dict[str, str]) -> None:
        bureau = Bureau.objects.get(code=row["bureau"]) if row["bureau"] else None
        names = {"display_name": row["name_zh"], "display_name_en": row["name_en"]}
        user = User(username=row["username"], role=row["role"], bureau=bureau, **names, is_demonstration=True)
        user.is_staff = user.is_superuser = row["role"] == User.Role.ADMINISTRATOR
        user.set_password(DEMO_PASSWORD)
        user.save()

    def _print_logins(self) -> None:
        address = f"http://{os.environ.get('QHENV_HOST', '127.0.0.1')}:{os.environ.get('QHENV_PORT', '8000')}/"
        self.stdout.write(f"\n  {address}\n")
        for user in User.objects.filter(is_demonstration=True).order_by("pk"):
            self.stdout.write(f"  {user.username:18} {user.get_role_display():8} {user.bureau or ''}")
        self.stdout.write(f"\n  演示密码 / demonstration password: {DEMO_PASSWORD}\n")
