"""Report kinds by name: each turns gathered evidence into a Document."""

from collections.abc import Callable, Mapping

from reports.document import Document
from reports.kinds import compliance

KINDS: Mapping[str, Callable[..., Document]] = {"compliance": compliance.document}
