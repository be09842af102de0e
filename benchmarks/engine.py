"""How long the engine needs for a series, against the same formula in bare numpy and in a plain loop. See README.md here.

.venv/bin/python -m benchmarks.engine
"""

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from targets.progress import engine, open_sdg
from targets.progress.standalone import level_rows
from targets.progress.types import KINDS, METHODS

SIZES = (1_000, 100_000, 1_000_000)
RUNS = 7
MOST_MICROSECONDS, MOST_TIMES_NUMPY = 10.0, 3.0  # what is asked of the growth profile at the largest size

Floats = NDArray[np.float64]
Columns = tuple[Floats, ...]  # base year and value, current year and value, target year and value, direction
Answer = tuple[Any, Any, Any]  # progress value, place of the status, score


def make(n: int) -> Columns:
    """Ordinary series of 2015 to 2030: some ahead, some behind, some going the wrong way, some that have met their target."""
    random = np.random.default_rng(20180)
    base = random.uniform(10, 100, n)
    target = base * random.choice([random.uniform(0.5, 0.9, n), random.uniform(1.1, 2, n)])
    value = base * (target / base) ** random.uniform(-0.3, 1.2, n)
    years = np.full(n, 2015.0), random.integers(2017, 2025, n).astype(float), np.full(n, 2030.0)
    return years[0], base, years[1], value, years[2], target, np.sign(target - base)


def growth_profile(columns: Columns) -> Answer:
    return open_sdg.judge(*columns)[:3]


def bare_numpy(columns: Columns) -> Answer:
    """The formula and nothing else: no missing figures, no zeros, no reasons."""
    t0, v0, t, v, end, target, d = columns
    ratio = d * ((v / v0) ** (1 / (t - t0)) - 1) / np.abs((target / v0) ** (1 / (end - t0)) - 1)
    status = 1 + (ratio < 0.95).astype(np.int8) + (ratio < 0.6) + (ratio < 0)
    score = np.where(ratio >= 0.6, np.minimum(7.1429 * ratio - 4.2857, 5), np.maximum(4.1667 * ratio - 2.5, -5))
    met = d * (v - target) >= 0
    status[met], score[met] = 0, 5
    return ratio, status, score


def plain_loop(columns: Columns) -> Answer:
    """The same, row by row in plain Python."""
    ratios, statuses, scores = [], [], []
    for t0, v0, t, v, end, target, d in zip(*(column.tolist() for column in columns), strict=True):
        ratio = d * ((v / v0) ** (1 / (t - t0)) - 1) / abs((target / v0) ** (1 / (end - t0)) - 1)
        status = 1 if ratio >= 0.95 else 2 if ratio >= 0.6 else 3 if ratio >= 0 else 4
        score = min(7.1429 * ratio - 4.2857, 5) if ratio >= 0.6 else max(4.1667 * ratio - 2.5, -5)
        if d * (v - target) >= 0:
            status, score = 0, 5.0
        ratios.append(ratio)
        statuses.append(status)
        scores.append(score)
    return ratios, statuses, scores


def five_statuses(columns: Columns) -> Callable[[], Any]:
    """Our own profile with every number and its reason, by shares of a line; its columns are made before the clock starts."""
    names = ("base_year", "base_value", "current_year", "current_value", "target_year", "target", "d")
    n = len(columns[0])
    rows = level_rows(dict(zip(names, columns, strict=True)) | {"convention": np.full(n, "linear_share", object)})
    shape = np.full(n, KINDS.index("level"), np.int8), np.full(n, METHODS.index("pace"), np.int8)

    def judge() -> Any:
        with np.errstate(all="ignore"):
            return engine.judge(rows, *shape)

    return judge


def insist_on_agreement(columns: Columns) -> None:
    """All three say the same of every row."""
    engine_says, others = growth_profile(columns), {"numpy": bare_numpy(columns), "loop": plain_loop(columns)}
    for name, answer in others.items():
        for ours, theirs in zip(engine_says, answer, strict=True):
            if not np.allclose(ours, theirs, rtol=0, atol=1e-9):
                raise SystemExit(f"the engine and the {name} differ")


def timed(run: Callable[[], Any]) -> float:
    """Seconds of processor time, which other work on the machine lengthens least."""
    start = process_time()
    run()
    return process_time() - start


def measure(contestants: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Seconds of each run, all contestants in turn, so that what slows one slows the others; the first round does not count."""
    rounds = [{name: timed(run) for name, run in contestants.items()} for _ in range(RUNS + 1)][1:]
    return {name: [times[name] for times in rounds] for name in contestants}


def main() -> None:
    say = sys.stdout.write
    say(f"{'series':>10} {'growth profile':>15} {'five statuses':>15} {'bare numpy':>11} {'loop':>7} {'to numpy':>9} {'loop to it':>11}\n")
    for n in SIZES:
        columns = make(n)
        insist_on_agreement(columns)
        times = measure({
            "growth profile": partial(growth_profile, columns),
            "five statuses": five_statuses(columns),
            "bare numpy": partial(bare_numpy, columns),
            "loop": partial(plain_loop, columns),
        })  # fmt: skip
        ours, five, bare, loop = (median(seconds) / n * 1e6 for seconds in times.values())
        to_numpy = median(one / other for one, other in zip(times["growth profile"], times["bare numpy"], strict=True))
        say(f"{n:>10,} {ours:>15.3f} {five:>15.3f} {bare:>11.3f} {loop:>7.3f} {to_numpy:>9.2f} {loop / ours:>11.1f}\n")
    within = ours <= MOST_MICROSECONDS and to_numpy <= MOST_TIMES_NUMPY
    say(f"at most {MOST_MICROSECONDS:g} microseconds and {MOST_TIMES_NUMPY:g} times bare numpy: {'held' if within else 'NOT held'}\n")
    if not within:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
