"""The passport of a template: which bureau, form and period it was made for, sealed so that nobody else can make one
(docs/upload-format.md section 2). Plain functions; the key comes from the caller."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

SHEET = "_passport"
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Passport:
    """What a template was made for. `form_version` is that of indicators.form_rows, `issued` a day such as 2018-10-20."""

    bureau: str
    form: str
    form_version: str
    issued: str
    period: str


def sign(passport: Passport, key: bytes) -> str:
    """The passport as one line of JSON with its seal."""
    said = asdict(passport)
    return _line({**said, "mac": _seal(said, key)})


def verify(text: str, key: bytes) -> Passport | None:
    """The passport a line states, or None where it is no passport or its seal is not of this key."""
    try:
        said: Any = json.loads(text) if len(text) <= _LONGEST else None
        seal = said.pop("mac")
        passport = Passport(**said)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in (seal, *said.values())):
        return None
    return passport if hmac.compare_digest(seal.encode(errors="replace"), _seal(said, key).encode()) else None


def _seal(said: Mapping[str, str], key: bytes) -> str:
    return hmac.new(key, _line(said).encode(), "sha256").hexdigest()


def _line(said: Mapping[str, str]) -> str:
    return json.dumps(said, sort_keys=True, separators=(",", ":"))
