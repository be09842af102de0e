"""How final a figure is. Statistics come first as an express figure, are then verified preliminarily and at last finally."""

from unicodedata import normalize

from indicators.marks import gettext_noop as _
from indicators.values import DASHES

# Code → word for people, the least final first. "" is not stated.
VINTAGES = {"express": _("express"), "preliminary": _("preliminary"), "final": _("final")}
WORDS = {
    "": "",
    "express": "express",
    "快报": "express",
    "初步核算": "express",
    "preliminary": "preliminary",
    "初步核实": "preliminary",
    "final": "final",
    "最终核实": "final",
}


def read_vintage(text: str) -> str | None:
    """The code a word stands for, "" where nothing is stated, None for any other word. 快报数 is 快报."""
    word = "".join(normalize("NFKC", text).casefold().split()).removesuffix("数")
    return "" if DASHES.fullmatch(word) else WORDS.get(word)
