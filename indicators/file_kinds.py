"""Is a file what its ending says, and nothing more? For files kept as evidence (docs/upload-format.md section 9)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from indicators.marks import gettext_noop as _
from indicators.readers.table import Refused
from indicators.workbooks.book import Refusal
from indicators.workbooks.zipped import opened, parts

MAX_BYTES = 10 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."

# Parts of an office file that can act: macros, controls, and embedded files that are programs or can carry macros.
_ACTIVE_PART = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/|embeddings/[^/]*\.(bin|exe|dll|js|vbs|bat|cmd|[a-z]{3}m)$", re.I)
_TYPES_PART, _MACRO_TYPE = "[Content_Types].xml", re.compile(rb"macroEnabled|vbaProject", re.I)
# Names a reader of PDF acts upon; any letter of them may be written as #4A.
_ACTIONS = ("JavaScript", "Launch")
_PDF_ACTION = re.compile(
    "/({})(?![0-9A-Za-z_.#-])".format("|".join("".join(f"(?:{c}|#(?i:{ord(c):02x}))" for c in name) for name in _ACTIONS)).encode()
)
_DAMAGED = _("The file is damaged. Open it, save it again and choose it anew.")
_SENTENCES = {
    "macros": _("The file holds macros or other programs. Save it without them, or as PDF."),
    "encrypted": _("The file is protected by a password. Remove the password and save it again."),
    "too_large": _("The file is far too large when unpacked. Save it as PDF and choose that one."),
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """The media type of an ending, and whether bytes are such a file. `looks_right` raises Refused where it can say more."""

    media_type: str
    looks_right: Callable[[bytes], bool]


def media_type(content: bytes, filename: str) -> str:
    """The media type of a file that may be kept as evidence. Raises Refused, whose sentence says what to do instead."""
    ending = PurePath(filename).suffix.lower()
    if ending not in KINDS:
        message = _('Files ending in "%(ending)s" are not kept as evidence. Save the file as one of: %(endings)s.')
        raise Refused("ending", message, ending=ending, endings=", ".join(KINDS))
    if len(content) > MAX_BYTES:
        raise Refused("too_large", _("The file is larger than 10 MB. Scan it with a lower resolution, or send it in parts."))
    if not KINDS[ending].looks_right(content):
        message = _('The content of the file is not what its ending "%(ending)s" says. Save it anew in that format.')
        raise Refused("content", message, ending=ending)
    return KINDS[ending].media_type


def _is_pdf(content: bytes) -> bool:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        return False
    if _PDF_ACTION.search(content):
        raise Refused("active", _("The PDF holds a script or starts a program. Print it to a new PDF and choose that one."))
    return True


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff")


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR"


def _archive_with(*needed: str) -> Callable[[bytes], bool]:
    """A check for files that are zip archives: the parts such a file must have, sane sizes, nothing that acts."""

    def looks_right(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        found = set()
        try:
            with opened(content) as archive:
                for name, data in parts(archive, ((_ACTIVE_PART, "macros"),), lambda _name: False):
                    found.add(name)
                    if name == _TYPES_PART and _MACRO_TYPE.search(data):
                        raise Refusal("macros")
        except Refusal as refusal:
            raise Refused(refusal.code, _SENTENCES.get(refusal.code, _DAMAGED)) from None
        return found.issuperset(needed)

    return looks_right


KINDS: Mapping[str, FileKind] = {
    ".pdf": FileKind("application/pdf", _is_pdf),
    ".jpg": FileKind("image/jpeg", _is_jpeg),
    ".png": FileKind("image/png", _is_png),
    ".docx": FileKind(f"{_OFFICE}wordprocessingml.document", _archive_with(_TYPES_PART, "word/document.xml")),
    ".xlsx": FileKind(f"{_OFFICE}spreadsheetml.sheet", _archive_with(_TYPES_PART, "xl/workbook.xml")),
    ".ofd": FileKind("application/ofd", _archive_with("OFD.xml")),
}
