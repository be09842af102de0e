"""Writes the corpus of upload files and what is to be found in them: files/ and expected.json. The same files, byte for byte, each time.

What is expected comes from docs/upload-format.md alone; nothing of the product is imported.

    .venv/bin/python tests/data/uploads/make.py [FOLDER]
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import dirty
import faulty
import good
import hostile
import programs
from cases import Case


def corpus() -> Iterator[Case]:
    for part in (good, dirty, programs, faulty, hostile):
        yield from part.cases()


def main(folder: Path) -> None:
    files = folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    for path in files.iterdir():
        path.unlink()
    expected = {}
    for case in corpus():
        assert case.name not in expected, case.name
        expected[case.name] = case.expected()
        (files / case.name).write_bytes(case.content)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in expected.items())
    (folder / "expected.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    sys.stdout.write(f"{len(expected)} files, {sum(path.stat().st_size for path in files.iterdir())} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
