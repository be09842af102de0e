from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from targets.progress.standalone import PROFILES, assess_series
from targets.progress.table import BadSeries, read_series

BOM = b"\xef\xbb\xbf"


class Command(BaseCommand):
    help = "Judge any series by the engine, without a database: a CSV file in, the same with its verdicts out (docs/methods.md)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("series", type=Path, help="CSV, one series per line: id, base_year, base_value, current_year, …")
        parser.add_argument("--profile", choices=list(PROFILES), default="five_status", help="whose statuses (default: %(default)s)")
        parser.add_argument("--out", type=Path, help="write here instead of to the screen")

    def handle(self, *, series: Path, profile: str, out: Path | None, **options: Any) -> None:
        try:
            content = series.read_bytes()
            frame, odd = read_series(content)
            text = assess_series(frame, profile, odd).to_csv(index=False, lineterminator="\n")
            if out:
                _write(out, text.encode(_encoding(content)))
        except BadSeries as error:
            raise CommandError("\n".join([f"{len(error.faults)} faults, nothing written:", *map(str, error.faults)])) from error
        except (OSError, ValueError) as error:
            raise CommandError(f"{series}: {error}" if isinstance(error, ValueError) else str(error)) from error
        if not out:
            self.stdout.write(text, ending="")


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _encoding(content: bytes) -> str:
    """With a BOM unless the file came as plain UTF-8: what comes out of Excel in Chinese goes back to it."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return "utf-8-sig"
    return "utf-8-sig" if content.startswith(BOM) else "utf-8"
