"""Takes a zipped workbook apart, part by part, and believes nothing that it says about itself."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from indicators.workbooks.book import MAX_PARTS, MAX_RATIO, MAX_SIZE, Refusal

_CHUNK = 1024 * 1024
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY")
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8|us-ascii)", re.I)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ExpatError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)

Foreign = Sequence[tuple[re.Pattern[str], str]]


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever breaks while it is used is a damaged workbook."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield archive
    except _BROKEN:
        raise Refusal("damaged") from None


def parts(archive: zipfile.ZipFile, foreign: Foreign, first: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each part, those that are `first` before all others; every XML part has been looked at. `foreign` are the names
    that make a workbook more than figures, each with its code. Raises Refusal."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _check_entries(entries, foreign)
    size = 0
    for info in sorted(entries, key=lambda entry: not first(entry.filename)):
        data = _unpacked(archive, info, MAX_SIZE - size)
        size += len(data)
        if size > MAX_SIZE:
            raise Refusal("too_large")
        if info.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_xml(data)
        yield info.filename, data


def _check_entries(entries: list[zipfile.ZipInfo], foreign: Foreign) -> None:
    size, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_PARTS or size > MAX_SIZE or size > MAX_RATIO * max(packed, 1):
        raise Refusal("too_large")
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise Refusal("damaged")
    for entry in entries:
        if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", entry.filename):
            raise Refusal("damaged")
        if entry.flag_bits & 1:
            raise Refusal("encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal("damaged")
        for pattern, code in foreign:
            if pattern.search(entry.filename.replace("\\", "/")):
                raise Refusal(code)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """The part's bytes, at most a chunk more than `room`; its declared size is not believed."""
    data = bytearray()
    with archive.open(info) as part:
        while len(data) <= room and (chunk := part.read(_CHUNK)):
            data += chunk
    return bytes(data)


def _check_xml(data: bytes) -> None:
    if b"\0" in data[:200] or _OTHER_ENCODING.search(data[:200]):
        raise Refusal("damaged")
    if b"<!" in data and _DOCTYPE.search(data):
        raise Refusal("doctype")
