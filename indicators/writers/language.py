"""The language of the person a workbook is made for."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """`say` translates a text marked for translation. The words the upload format itself knows (headers, stages) are no translator's:
    they follow from `chinese`."""

    chinese: bool
    say: Callable[[str], str]
