from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from targets.pack import read_pack
from targets.pack.listing import listing


class Command(BaseCommand):
    help = "Write a pack's targets as a page of Markdown: ./qh manage list_targets fixtures/qinghai > docs/targets.md"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            pack, faults = read_pack(folder)
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        if faults:
            raise CommandError("\n".join(map(str, faults)))
        self.stdout.write(listing(pack), ending="")
