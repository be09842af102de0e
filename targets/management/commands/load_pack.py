from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from targets.models.loading import known_codes, load
from targets.pack import read_pack


class Command(BaseCommand):
    help = "Load a policy pack (docs/pack-format.md): all or nothing, every fault at once, running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            pack, faults = read_pack(folder, known_codes())
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        if faults:
            raise CommandError("\n".join([f"{len(faults)} faults, nothing loaded:", *map(str, faults)]))
        counts = load(pack, by=None)
        self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
