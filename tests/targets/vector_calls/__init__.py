"""How each published method is asked of the product: adapters from a case's inputs to the product's functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """One row of a case file. `rows` are all cases of the same file by id, for those that build on others."""

    id: str
    method_id: str
    inputs: dict[str, Any]
    expected: dict[str, Any]
    tol: Any
    rows: Mapping[str, "Case"] = field(default_factory=dict, repr=False)
