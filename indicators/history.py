"""The past as a list of events: which file arrived when, and what was decided about it when. Plain files in, plain data out."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ARRIVE, DECIDE = "arrive", "decide"


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the past. `action` (for DECIDE): approve, or return:<reason>; for ARRIVE also leave_checked, leave_submitted, none."""

    day: date
    kind: str
    path: Path
    bureau: str
    action: str
    form: str = ""
    period: str = ""
    explanation: str = ""


def read_schedule(path: Path) -> Iterable[Event]:
    """The events of one schedule.csv: columns file, bureau, form, and either published_on (arrives and is approved that day)
    or period, received_on, action, approved_on, explanation. KeyError or ValueError if a column or date is wrong."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            folder, bureau = path.parent / row["file"], row["bureau"]
            action = row.get("action") or "approve"
            arrived = date.fromisoformat(row.get("published_on") or row["received_on"])
            yield Event(arrived, ARRIVE, folder, bureau, action, row["form"], row.get("period") or "", row.get("explanation") or "")
            if action == "approve" or action.startswith("return"):
                decided = date.fromisoformat(row.get("approved_on") or str(arrived))
                yield Event(decided, DECIDE, folder, bureau, action)


def events_until(schedules: Iterable[Path], day: date) -> list[Event]:
    """All events up to and including `day`, in order: on one day the decisions about earlier files come before new arrivals."""
    found: list[tuple[date, bool, int, Event]] = []
    for number, event in enumerate(event for path in schedules for event in read_schedule(path)):
        found.append((event.day, event.kind == DECIDE, number, event))
    first = {event.path: event.day for _, _, _, event in found if event.kind == ARRIVE}
    ordered = sorted(found, key=lambda item: (item[0], _place(item[3], first), item[2]))
    return [event for _, _, _, event in ordered if event.day <= day]


def _place(event: Event, arrived: dict[Path, date]) -> int:
    """0: a decision about a file of an earlier day, 1: an arrival, 2: a decision about a file of the same day."""
    if event.kind == ARRIVE:
        return 1
    return 2 if arrived[event.path] == event.day else 0
