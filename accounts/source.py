"""Where an act comes from (page, api, admin, command, worker), known to the audit trail without being passed through every call."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    door: str = "command"
    address: str = ""


COMMAND = Source()
_source: ContextVar[Source] = ContextVar("source", default=COMMAND)


def current_source() -> Source:
    return _source.get()


@contextmanager
def came_from(source: Source) -> Iterator[None]:
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
