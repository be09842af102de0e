"""Makes .xls workbooks for tests, record by record: the format has no writer that is still looked after."""

from collections.abc import Mapping, Sequence
from struct import pack
from typing import Any

SECTOR, FREE, END, FAT_SECTOR = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound_file(streams: Mapping[str, bytes], storages: Sequence[str] = ()) -> bytes:
    """An OLE file with these streams, and with empty storages; at most 100 sectors' worth of FAT (6 MB)."""
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    fat: list[int] = []
    body = b""
    for name, data in streams.items():
        padded = data.ljust(4096, b"\0")  # shorter streams would go into another table
        count = -(-len(padded) // SECTOR)
        entries.append(_entry(name, 2, len(fat), len(padded), right=len(entries) + 1))
        fat += [*range(len(fat) + 1, len(fat) + count), END]
        body += padded.ljust(count * SECTOR, b"\0")
    for name in storages:
        entries.append(_entry(name, 1, 0, 0, right=len(entries) + 1))
    entries[-1] = entries[-1][:72] + pack("<I", FREE) + entries[-1][76:]  # the last has no neighbour
    directory = b"".join(entries).ljust(-(-len(entries) * 128 // SECTOR) * SECTOR, b"\0")
    first_of_directory = len(fat)
    fat += [*range(len(fat) + 1, len(fat) + len(directory) // SECTOR), END]
    tables = -(-len(fat) // 127)
    places = [len(fat) + number for number in range(tables)]
    fat += [FAT_SECTOR] * tables
    table = b"".join(pack("<I", entry) for entry in fat).ljust(tables * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += pack("<IIIIIIIII", 0, tables, first_of_directory, 0, 4096, END, 0, END, 0)
    header += b"".join(pack("<I", place) for place in places).ljust(109 * 4, b"\xff")
    return header + body + directory + table


def _entry(name: str, kind: int, start: int, size: int, right: int = FREE, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le")
    links = pack("<BBIII", kind, 1, FREE, right, child)
    return text.ljust(64, b"\0") + pack("<H", len(text) + 2) + links + b"\0" * 36 + pack("<IQ", start, size)


def record(kind: int, data: bytes = b"") -> bytes:
    return pack("<HH", kind, len(data)) + data


def _text(text: str, width: str = "<H") -> bytes:
    return pack(width, len(text)) + b"\1" + text.encode("utf-16-le")


def _begin(kind: int) -> bytes:
    return record(0x809, pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _cell(row: int, column: int, value: Any) -> bytes:
    """A number, a text, "#DIV/0!", True; ("12.5%",) style 1; a formula as {"=": result}, where None is no result."""
    place = pack("<HH", row, column)
    if isinstance(value, dict):
        result, after = value["="], b""
        if isinstance(result, str) and result != "#DIV/0!":
            stored, after = b"\0\0\0\0\0\0\xff\xff", record(0x207, _text(result))
        elif result in ("#DIV/0!", None):
            stored = b"\2\0\7\0\0\0\xff\xff" if result else b"\3\0\0\0\0\0\xff\xff"
        else:
            stored = pack("<d", result)
        return record(0x06, place + pack("<H8sHIH", 0, stored, 0, 0, 3) + b"\x1e\x01\x00") + after
    if value is True or value == "#DIV/0!":
        return record(0x205, place + pack("<HBB", 0, 1 if value is True else 7, value is not True))
    if isinstance(value, str):
        return record(0x204, place + pack("<H", 0) + _text(value))
    style, number = (1, value[0]) if isinstance(value, tuple) else (0, value)
    return record(0x203, place + pack("<Hd", style, number))


def workbook_stream(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    *,
    hidden_sheets: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    merged: Sequence[tuple[int, int, int, int]] = (),
    more: bytes = b"",
    sheet_kind: int = 0,
) -> bytes:
    """The stream `Workbook`. `hidden_rows` (from 1) and `merged` (first row and column, last row and column, from 1) are every sheet's;
    `more` are records among those of the whole book."""
    bodies = []
    for lines in sheets.values():
        cells = b"".join(_cell(r, c, value) for r, line in enumerate(lines) for c, value in enumerate(line) if value is not None)
        rows = b"".join(record(0x208, pack("<HHHHHHHH", row - 1, 0, 9, 255, 0, 0, 0x120, 15)) for row in hidden_rows)
        ranges = b"".join(pack("<HHHH", top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in merged)
        bodies.append(_begin(0x10) + rows + cells + record(0xE5, pack("<H", len(merged)) + ranges) + record(0x0A))
    formats = record(0x41E, pack("<H", 164) + _text("0.0%")) + b"".join(record(0xE0, pack("<HH16x", 0, number)) for number in (0, 164))
    start = _begin(0x05) + record(0x42, pack("<H", 1200)) + formats + more
    names = {name: pack("<BB", name in hidden_sheets, sheet_kind) + _text(name, "<B") for name in sheets}
    length = len(start) + sum(8 + len(name) for name in names.values()) + 4
    listed = b""
    for name, body in zip(names.values(), bodies, strict=True):
        listed += record(0x85, pack("<I", length) + name)
        length += len(body)
    return start + listed + record(0x0A) + b"".join(bodies)


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], **more: Any) -> bytes:
    """An .xls with these sheets; `more` as in `workbook_stream`."""
    return compound_file({"Workbook": workbook_stream(sheets, **more)})
