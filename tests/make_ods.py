"""Makes .ods spreadsheets for tests, the way office programs write them: out to the last column and row, in repeats."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_SPACES = " ".join(
    f'xmlns:{name}="urn:{urn}"'
    for name, urn in {
        "office": "oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "oasis:names:tc:opendocument:xmlns:text:1.0",
        "style": "oasis:names:tc:opendocument:xmlns:style:1.0",
        "draw": "oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "xlink": "oasis:names:tc:xlink",
        "calcext": "org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }.items()
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST, CONTENT = "META-INF/manifest.xml", "content.xml"
REST = '<table:table-cell table:number-columns-repeated="16380"/>'


def cell(value: Any, attributes: str = "") -> str:
    """One cell: a number, a text, True or None; a formula as {"=": result}, where None is no result; ("0.125",) a percentage."""
    if isinstance(value, dict):
        return cell(value["="], f'table:formula="of:=[.A1]" {attributes}')
    if value is None:
        return f"<table:table-cell {attributes}/>"
    if value == "#DIV/0!":
        kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    elif isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, tuple):
        kind = f'office:value-type="percentage" office:value="{value[0]}"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind} {attributes}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def row(cells: Sequence[Any], attributes: str = "") -> str:
    """One row out to the last column; a cell may be ready-made XML, marked by its angle bracket."""
    made = (one if isinstance(one, str) and one.startswith("<") else cell(one) for one in cells)
    return f"<table:table-row {attributes}>{''.join(made)}{REST}</table:table-row>"


def sheet(name: str, lines: Sequence[Any], *, shown: bool = True) -> str:
    """One sheet down to the last row; a line is a list of cells or ready-made XML."""
    rows = "".join(line if isinstance(line, str) else row(line) for line in lines)
    style = "ta1" if shown else "ta2"
    below = f'<table:table-row table:number-rows-repeated="{1_048_576 - len(lines)}">{REST}</table:table-row>'
    return f'<table:table table:name={quoteattr(name)} table:style-name="{style}">{rows}{below}</table:table>'


def content(*sheets: str) -> bytes:
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{display}"/></style:style>'
        for name, display in (("ta1", "true"), ("ta2", "false"))
    )
    body = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{''.join(sheets)}"
    end = "</office:spreadsheet></office:body></office:document-content>"
    return f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES}>{body}{end}'.encode()


def package(*sheets: str, parts: Mapping[str, bytes] | None = None, listed: str = "") -> bytes:
    """The whole file; `parts` are further parts, or those to replace; `listed` is XML among the entries of the manifest."""
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entry}{listed}</manifest:manifest>'
    everything = {"mimetype": MIMETYPE.encode(), CONTENT: content(*sheets), MANIFEST: manifest.encode(), **(parts or {})}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Configurations2/menubar/", b"")
        for name, data in everything.items():
            archive.writestr(name, data)
    return packed.getvalue()


def workbook(sheets: Mapping[str, Sequence[Any]], hidden: Sequence[str] = ()) -> bytes:
    """An .ods with these sheets."""
    return package(*(sheet(name, lines, shown=name not in hidden) for name, lines in sheets.items()))
