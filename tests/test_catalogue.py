"""The Chinese catalogue says everything the product says: nothing untranslated, no broken place, no English left on a Chinese page."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import polib
import pytest
from django.urls import reverse

from tests.conftest import client_of
from tests.make import approve, make_lines, make_workbook
from tests.test_way_of_a_figure import run_jobs

ROOT = Path(__file__).parent.parent
APPS = ("accounts", "jobs", "indicators", "targets", "reports", "qhenv")
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
MARKS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2, "pgettext": 1, "pgettext_lazy": 1}
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]")
CHINESE = re.compile(r"[\u3400-\u9fff]")
Key = tuple[str, str]  # context ("" for none), message id
FOUND_AGAIN = re.compile(
    r"""{%\s*translate\s+(?P<quote>["'])(?P<text>.*?)(?P=quote)(?:[^%]*?\scontext\s+"(?P<context>[^"]*)")?[^%]*%}
      | {%\s*blocktranslate(?P<options>[^%]*)%}(?P<block>.*?){%\s*endblocktranslate\s*%}
      | \b_\("(?P<inline>[^"]*)"\)""",
    re.DOTALL | re.VERBOSE,
)


def marked_in_python(code: str) -> Iterator[Key]:
    """Everything handed to a function that marks or translates. Literals written in several parts are one."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        texts = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if name in MARKS and texts:
            yield (texts[0], texts[1]) if name.startswith("p") else ("", texts[0])


def marked_in_template(text: str) -> Iterator[Key]:
    """Everything in translation tags, blocks as Django looks them up: places for variables, lines joined."""
    for found in FOUND_AGAIN.finditer(re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)):
        if found["block"] is None:
            yield found["context"] or "", found["text"] or found["inline"]
            continue
        one = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", re.split(r"{%\s*plural\s*%}", found["block"])[0].replace("%", "%%"))
        yield "", " ".join(line.strip() for line in one.strip().splitlines()) if "trimmed" in found["options"].split() else one


@cache
def marked() -> set[Key]:
    found = {key for app in APPS for path in (ROOT / app).rglob("*.py") for key in marked_in_python(path.read_text())}
    return found | {key for path in (ROOT / "templates").rglob("*.html") for key in marked_in_template(path.read_text())}


def entries(source: polib.POFile | polib.MOFile) -> dict[Key, str]:
    return {(entry.msgctxt or "", entry.msgid): entry.msgstr or entry.msgstr_plural.get(0, "") for entry in source if not entry.obsolete}


PO = polib.pofile(str(CATALOGUE))
TRANSLATED = entries(PO)


def test_every_message_has_a_chinese_translation() -> None:
    fuzzy = {(entry.msgctxt or "", entry.msgid) for entry in PO if entry.fuzzy}
    assert sorted(key for key in marked() if not TRANSLATED.get(key) or key in fuzzy) == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    assert sorted(TRANSLATED.keys() - marked()) == []


def test_the_compiled_catalogue_is_the_readable_one() -> None:
    assert entries(polib.mofile(str(CATALOGUE.with_suffix(".mo")))) == TRANSLATED


def test_both_languages_have_the_same_places() -> None:
    faults = [key for key, chinese in TRANSLATED.items() if set(PLACE.findall(key[1])) != set(PLACE.findall(chinese))]
    assert faults == []


def test_english_messages_hold_no_chinese_and_chinese_ones_do() -> None:
    assert [text for _context, text in TRANSLATED if CHINESE.search(text)] == []
    bare = {chinese for chinese in TRANSLATED.values() if not CHINESE.search(chinese)}
    assert bare <= {
        "%(done)s/%(total)s",
        "%(place)s/%(of)s",
        "%(unit)s/年",
        "%(name)s%(about)s：%(meaning)s",
        "%(counted)s%(farthest)s%(place)s。",
        "、",
    }


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ('_("One " "sentence.")', [("", "One sentence.")]),
        ("f\"{gettext('goal')}\"", [("", "goal")]),
        ('pgettext_lazy("severity", "Note")', [("severity", "Note")]),
        ("_(variable)", []),
    ],
)
def test_marks_in_python_are_found(code: str, keys: list[Key]) -> None:
    assert list(marked_in_python(code)) == keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{% translate "Note" context "severity" %}', [("severity", "Note")]),
        ('{% translate "Areas" as name %}{% translate rule.title %}', [("", "Areas")]),
        (
            "{% blocktranslate trimmed count n=x %}{{ n }} file\n sent{% plural %}{{ n }} files{% endblocktranslate %}",
            [("", "%(n)s file sent")],
        ),
        ('{{ reason|default:_("No data") }}', [("", "No data")]),
    ],
)
def test_marks_in_templates_are_found(text: str, keys: list[Key]) -> None:
    assert list(marked_in_template(text)) == keys


class Words(HTMLParser):
    """The words a person reads or hears: text and the attributes that speak. Codes and what is written in its own language are left out."""

    SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-error")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("script", "style") or said.get("lang") == "en":
            self.silent = tag
        self.words += [" ".join((said.get(name) or "").split()) for name in self.SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.silent:
            self.silent = ""

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(" ".join(data.split()))


def english(page: str) -> list[str]:
    """What on a page is one of our English messages, or reads like an English sentence of anybody's."""
    parser = Words()
    parser.feed(page)
    messages = {text for _context, text in TRANSLATED}
    return [said for said in parser.words if said in messages or re.search(r"[A-Za-z]{2,},? [a-z]{2,} ", f"{said} ")]


def test_an_english_word_on_a_page_is_noticed() -> None:
    fine = '<p>总览</p><button lang="en">English</button><p>SHA-256</p>'
    page = '<i title="Not for this area">·</i><b>Overview</b><p>A sentence of ours.</p>'
    assert english(fine + page) == ["Not for this area", "Overview", "A sentence of ours."]


@pytest.mark.full
def test_chinese_pages_hold_no_english(qinghai: SimpleNamespace) -> None:
    workbook = make_workbook(make_lines("BUR-630200", "QH-Q", "2015-Q4"), period="2015-Q4")
    sent = approve(workbook, qinghai.clerk, qinghai.reviewer)
    run_jobs()
    chosen = "?period=2015-Q4"
    addresses = [
        reverse("overview") + chosen,
        reverse("targets:target_list") + chosen,
        reverse("targets:target", args=["K1-2015"]) + chosen + "&area=630200",
        reverse("targets:area", args=["630200"]) + chosen,
        reverse("targets:sector_list") + chosen,
        reverse("targets:arithmetic"),
        reverse("indicators:submission_list"),
        reverse("indicators:upload"),
        reverse("indicators:rules"),
        sent.get_absolute_url(),
        reverse("reports:compliance") + chosen + "&area=630200",
    ]
    clerk = client_of(qinghai.clerk)
    pages = {address: clerk.get(address) for address in addresses}
    assert {address: page.status_code for address, page in pages.items()} == dict.fromkeys(addresses, 200)
    assert {address: found for address, page in pages.items() if (found := english(page.content.decode()))} == {}
