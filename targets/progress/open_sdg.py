"""The Open SDG profile (Eurostat, Statistics Canada): yearly growth against the growth needed, five words and a score from -5 to 5.

Columns in, columns out, whole tables at once. Formulas, edge cases and reasons: docs/methods.md, section on Open SDG."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from targets.progress.conventions import Bools, Floats, growth
from targets.progress.placing import Codes, first_of

STATUSES = ("target_achieved", "substantial_progress", "moderate_progress", "limited_progress", "deterioration", "not_available")
ACHIEVED, SUBSTANTIAL, MODERATE, LIMITED, DETERIORATION, NOT_AVAILABLE = range(6)

REASONS = ("", "rate_ratio", "rate_alone", "current_meets_target", "target_year_passed", "no_way_to_go", "too_large",
           "target_zero_replaced", "base_zero_replaced", "no_direction", "no_current", "no_base", "signs_differ",
           "one_point", "under_one_year", "no_target_year", "target_year_too_early")  # fmt: skip
CODE = {word: number for number, word in enumerate(REASONS)}

STAND_IN = 0.001  # for a zero base or target, in this profile only: the publishers' choice, on which the result depends
RATIO_CUTS = (0.95, 0.6)  # share of the growth needed
RATE_CUTS = (0.015, 0.005)  # yearly growth where no target is stated
SCORE_CUTS = (2.5, 0.0, -2.5)
NEARNESS = 4.44  # exponent of the limit factor
DUST = 5e-10  # cuts are met at nine digits
CHUNK = 16384  # rows whose columns stay in the cache of a processor together


class Series(NamedTuple):
    """One series per row; NaN is not given. `d` +1 if more is better, else -1; `sign` -1 where the base is negative, else 1."""

    base_year: Floats
    base: Floats
    year: Floats
    value: Floats
    target_year: Floats
    target: Floats
    d: Floats
    limit: Floats
    sign: Floats

    def at(self, rows: Any) -> "Series":
        return Series(*(column[rows] for column in self))


class Judged(NamedTuple):
    """`progress_value`: ratio of growths, or the signed growth without a target; NaN where none. `score` from -5 to 5 or NaN. `status`
    and `reason` are places in STATUSES and REASONS."""

    progress_value: Floats
    status: Codes
    score: Floats
    reason: Codes


class Aggregate(NamedTuple):
    """Score and status (a place in STATUSES) of each group."""

    score: Floats
    status: Codes


def judge(
    base_year: ArrayLike,
    base_value: ArrayLike,
    current_year: ArrayLike,
    current_value: ArrayLike,
    target_year: ArrayLike,
    target: ArrayLike,
    direction: ArrayLike,
    limit: ArrayLike = np.nan,
    sign: ArrayLike = np.nan,
) -> Judged:
    """Judge series by their growth since the base. Columns of one length or single numbers; NaN is not given, years may be decimal.
    `limit`: natural limit of a series without a target; `sign`: taken from the base where not given. ValueError on unlike lengths."""
    given = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(column, np.float64)) for column in (
            base_year, base_value, current_year, current_value, target_year, target, direction, limit, sign))
    )  # fmt: skip
    series, n = Series(*given), len(given[0])
    judged = Judged(np.empty(n), np.empty(n, np.int8), np.empty(n), np.empty(n, np.int8))
    with np.errstate(all="ignore"):
        for start in range(0, n, CHUNK):
            rows = slice(start, start + CHUNK)
            _put(judged, rows, _judge(series.at(rows)))
    return judged


def _put(whole: Judged, rows: Any, part: Judged) -> None:
    """Store what is known of some rows in the columns of all."""
    columns: tuple[NDArray[Any], ...] = whole
    for column, known in zip(columns, part, strict=True):
        column[rows] = known


def _judge(s: Series) -> Judged:
    """All rows by their rates; then the rows that rates alone cannot tell."""
    judged, aimed = _by_rate(s), ~np.isnan(s.target)
    towards = (s.target * s.base > 0) & (s.year <= s.target_year)
    plain = (s.value * s.base > 0) & (s.year - s.base_year >= 1) & (towards | ~aimed) & np.isfinite(judged.progress_value)
    met = s.d * (s.value - s.target) >= 0
    np.copyto(judged.status, ACHIEVED, where=met)
    np.copyto(judged.score, 5.0, where=met)
    np.copyto(judged.reason, CODE["current_meets_target"], where=met)
    odd = np.flatnonzero(~plain)
    if odd.size:
        _put(judged, odd, _edge(s.at(odd)))
    return judged


def _by_rate(s: Series) -> Judged:
    """Value, status and score by the rates alone, whether they are defined or not."""
    aimed = ~np.isnan(s.target)
    if aimed.all():
        return _with_target(s)
    judged = _without_target(s)
    rows = np.flatnonzero(aimed)
    if rows.size:
        _put(judged, rows, _with_target(s.at(rows)))
    return judged


def _rate(s: Series) -> Floats:
    """Yearly growth since the base, signed so that more is better."""
    sign = np.where(np.isnan(s.sign), np.where(s.base < 0, -1.0, 1.0), s.sign)
    return np.asarray(sign * s.d * growth(s.value / s.base, s.year - s.base_year))


def _status(pace: Floats, cuts: tuple[float, ...]) -> Codes:
    """One step up from deterioration at each cut reached."""
    status = np.full(len(pace), DETERIORATION, np.int8)
    for cut in cuts:
        status -= (pace >= cut).view(np.int8)
    return status


def _with_target(s: Series) -> Judged:
    """The growth as a share of the growth needed."""
    ratio = _rate(s) / np.abs(growth(s.target / s.base, s.target_year - s.base_year))
    high, medium = RATIO_CUTS
    status = _status(ratio, (0.0, medium - DUST, high - DUST))
    score = np.clip(np.where(status <= MODERATE, 7.1429 * ratio - 4.2857, 4.1667 * ratio - 2.5), -5.0, 5.0)
    return Judged(ratio, status, score, np.full(len(ratio), CODE["rate_ratio"], np.int8))


def _without_target(s: Series) -> Judged:
    """The growth itself; near a natural limit less of it is asked for."""
    rate, factor = _rate(s), limit_factor(s.base, s.limit)
    pace = np.where(factor > 0, rate / factor, np.where(rate < 0, -np.inf, np.inf))  # at the limit every rate not below zero is enough
    high, medium = RATE_CUTS
    status = _status(pace, (0.0, medium - DUST, high - DUST))
    score = np.select(
        [status == SUBSTANTIAL, status == MODERATE, status == LIMITED],
        [np.minimum(500 * pace - 5, 5.0), 250 * pace - 1.25, 500 * pace - 2.5],
        np.maximum(125 * rate - 2.5, -5.0),
    )
    return Judged(rate, status, score, np.full(len(rate), CODE["rate_alone"], np.int8))


def limit_factor(base: Floats, limit: Floats) -> Floats:
    """What remains of the cuts near a natural limit: 0 at the limit, 1 far from it and without one."""
    y, most = np.abs(base), np.abs(limit)
    near = np.where(y <= most, y, 2 * most - y) / most
    return np.where(y < 2 * most, 1 - near**NEARNESS, 1.0)


def _unlike(one: Floats, other: Floats) -> Bools:
    return np.asarray(np.sign(one) * np.sign(other) < 0)


def _edge(s: Series) -> Judged:
    """Rows of the table of edge cases: a target met stands before everything that is missing, an open verdict before a replaced zero."""
    n, no_target, no_base = len(s.d), s.target == 0, s.base == 0
    met = s.d * (s.value - s.target) >= 0
    s = s._replace(
        target=np.where(no_target, STAND_IN, s.target),
        base=np.where(no_base, STAND_IN, s.base),
        limit=np.where(no_base, np.nan, s.limit),  # the factor belongs to the stated base, and is 1 there
    )
    value, status, score, reason = _by_rate(s)
    aimed, met = ~np.isnan(s.target), met | (s.d * (s.value - s.target) >= 0)  # as stated, or by what stands in for zero
    lacking = _lacking(s, aimed)
    passed = aimed & (s.year > s.target_year) & (lacking == 0)
    alike = s.target == s.base
    reason = first_of(
        n,
        (~met & (lacking > 0), lacking),
        (~met & passed, CODE["target_year_passed"]),
        (alike & (lacking == 0) & ~passed, CODE["no_way_to_go"]),
        (~np.isfinite(value) & (lacking == 0) & ~passed, CODE["too_large"]),
        (no_target, CODE["target_zero_replaced"]),
        (no_base, CODE["base_zero_replaced"]),
        (met, CODE["current_meets_target"]),
        (reason > 0, reason),
    )
    status = np.where(passed, np.maximum(status, LIMITED), status)
    return Judged(
        np.where(np.isfinite(value) & (lacking == 0) & ~passed, value, np.nan),
        np.where(met, ACHIEVED, np.where(lacking > 0, NOT_AVAILABLE, status)).astype(np.int8),
        np.where(met, 5.0, np.where((lacking > 0) | passed, np.nan, score)),
        reason,
    )


def _lacking(s: Series, aimed: Bools) -> Codes:
    """Why no growth can be stated; 0 where it can."""
    years = s.year - s.base_year
    return first_of(
        len(years),
        (np.isnan(s.d), CODE["no_direction"]),
        (np.isnan(s.value) | np.isnan(s.year), CODE["no_current"]),
        (np.isnan(s.base) | np.isnan(s.base_year), CODE["no_base"]),
        (_unlike(s.value, s.base), CODE["signs_differ"]),
        (years <= 0, CODE["one_point"]),
        (years < 1 - 1e-9, CODE["under_one_year"]),
        (aimed & np.isnan(s.target_year), CODE["no_target_year"]),
        (aimed & (s.target_year <= s.base_year), CODE["target_year_too_early"]),
        (aimed & _unlike(s.target, s.base), CODE["signs_differ"]),
    )


def aggregate(scores: ArrayLike, statuses: ArrayLike | None = None, groups: ArrayLike | None = None) -> Aggregate:
    """Mean score and its status, by group. `statuses`: places in STATUSES, without them nothing is known to be achieved; `groups`: the
    group of each child, counted from 0, without them one group. Missing scores are dropped; a group of which none is left is not
    available. Achieved only if every child that could be judged is. Of nested groups: aggregate the groups, then what came out."""
    score = np.asarray(scores, np.float64)
    kept = ~np.isnan(score)
    status = np.full(len(score), NOT_AVAILABLE) if statuses is None else np.asarray(statuses)
    group: NDArray[np.int64] = np.zeros(len(score), np.int64) if groups is None else np.asarray(groups, np.int64)
    n = int(group.max(initial=0)) + 1

    def count(which: Bools) -> NDArray[np.int64]:
        return np.bincount(group[which], minlength=n)

    with np.errstate(invalid="ignore"):
        mean = np.bincount(group[kept], score[kept], n) / count(kept)
    failed = count((status != ACHIEVED) & (status != NOT_AVAILABLE))
    achieved = (count(kept & (status == ACHIEVED)) > 0) & (failed == 0)
    found = _status(mean, tuple(cut - DUST for cut in SCORE_CUTS))
    return Aggregate(mean, first_of(n, (np.isnan(mean), NOT_AVAILABLE), (achieved, ACHIEVED), (~achieved, found)))
