"""Where a bureau's area stands: every target with its gap, its rank among the areas and what the quarters still to come must deliver."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from accounts.models import Area, User
from accounts.views import SignedIn
from indicators.models import Entry, Indicator, Observation, Submission
from indicators.periods import Period
from targets import board, standing
from targets.models import Assessment
from targets.models.trace import reason_word
from targets.numbers import signed_percent
from targets.standing import Rank
from targets.views.choice import Choice, period_of, the_plan
from targets.views.quota import QuotaShown, quota_shown

Shares = Mapping[int, Mapping[str, Decimal | None]]  # target → area code → relative gap


@dataclass(frozen=True, slots=True)
class Row:
    """One target of the area; `before` is its result a quarter ago, None where there was none. Without `rank`, `why_no_rank` says why."""

    one: Assessment
    before: Assessment | None
    rank: Rank | None
    rank_before: Rank | None
    why_no_rank: str
    quota: QuotaShown

    @property
    def moved(self) -> str:
        """better, worse, "" where the status stayed, "new" where there is nothing to compare with."""
        if self.before is None or Assessment.Status.NO_DATA in (self.before.status, self.one.status):
            return "" if self.before and self.before.status == self.one.status else "new"
        if self.before.status == self.one.status:
            return ""
        return "better" if board.Move(None, None, self.before.status, self.one.status).is_better else "worse"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a bureau's last approved quarter changed: figures that were new, those it corrected, and the statuses that moved with it."""

    submission: Submission
    new: int
    revised: Sequence[Observation]
    moves: Sequence[board.Move]


@login_required
@require_GET
def own_standing(request: SignedIn) -> HttpResponse:
    """One area on one page, worst first. A clerk chooses among the own bureau's areas, everybody else among all that have results."""
    choice = period_of(request)
    areas = _areas_of(request.user, choice.period)
    if not areas:
        return render(request, "targets/own_standing.html", {"choice": choice})
    code = request.GET.get("area") or areas[0].code
    area = next((one for one in areas if one.code == code), None)
    if area is None:
        raise Http404
    plan = the_plan()
    is_whole = plan is not None and plan.area_id == area.pk
    last = None if is_whole else _last_approved(request.user, area, choice.period)  # a whole moves by the figures of many
    results = _results(area, choice, last)
    now = [one for one in results if one.period == str(choice.period)]
    rows = _rows(now, {one.target_id: one for one in results if one.period == str(choice.previous)}, area, choice)
    context = {
        "area": area,
        "areas": areas,
        "choice": choice,
        "is_whole": is_whole,
        "open": [row for row in rows if not row.one.frozen],
        "over": [row for row in rows if row.one.frozen],
        "lead": _lead([row for row in rows if not row.one.frozen]),
        "counts": board.count_statuses(_open(now), _open(row.before for row in rows if row.before)),
        "effect": _effect(last, results) if last else None,
    }
    return render(request, "targets/own_standing.html", context)


def _lead(rows: Sequence[Row]) -> str:
    """The one glance: how many are behind, and which lies farthest back. "" where nothing is open."""
    behind = [row for row in rows if row.one.status in (Assessment.Status.OFF_TRACK, Assessment.Status.AT_RISK)]
    if not rows:
        return ""
    if not behind:
        return gettext("No open target is off track or at risk.")
    counted = ngettext(
        "%(behind)d of %(all)d open targets is off track or at risk.",
        "%(behind)d of %(all)d open targets are off track or at risk.",
        len(behind),
    ) % {"behind": len(behind), "all": len(rows)}
    worst = min(behind, key=lambda row: row.one.gap_share or Decimal(0))
    if not worst.one.gap_share:
        return counted
    words = {"target": worst.one.target.name, "gap": signed_percent(worst.one.gap_share)}
    farthest = gettext("Farthest behind: %(target)s, %(gap)s of what is expected by now") % words
    rank = worst.rank if worst.rank and not worst.rank.tied else None  # all tied at the bottom would be "rank 1"
    place = gettext(", rank %(place)d of %(of)d") % {"place": rank.place, "of": rank.of} if rank else ""
    return gettext("%(counted)s %(farthest)s%(place)s.") % {"counted": counted, "farthest": farthest, "place": place}


def _open(results: Iterable[Assessment]) -> list[Assessment]:
    return [one for one in results if not one.frozen]


def _areas_of(user: User, period: Period) -> list[Area]:
    found = Area.objects.filter(Exists(Assessment.objects.current().at(period).filter(area=OuterRef("pk"))))
    return list(found.filter(bureaus=user.bureau_id) if user.role == User.Role.REPORTER else found)


def _last_approved(user: User, area: Area, period: Period) -> Submission | None:
    """The newest approved quarter of a bureau of this area, up to the period shown, that the person may see."""
    about = Exists(Entry.objects.filter(submission=OuterRef("pk"), area=area))
    approved = Submission.objects.visible_to(user).filter(about, state=Submission.State.APPROVED, form__frequency="Q")
    return approved.filter(period__lte=str(period)).select_related("bureau", "form").order_by("-period", "-known_at").first()


def _results(area: Area, choice: Choice, last: Submission | None) -> list[Assessment]:
    """The area's results of the period shown and of the last approved quarter, and of the ones before these."""
    periods = {choice.period, choice.previous}
    if last and last.parsed_period:
        periods |= {last.parsed_period, last.parsed_period.previous}
    found = Assessment.objects.current().filter(area=area, period__in=map(str, periods))
    return list(found.for_pages().select_related("target__plan"))


def _rows(now: Sequence[Assessment], before: Mapping[int, Assessment], area: Area, choice: Choice) -> list[Row]:
    ranks, ranks_before = (_ranks(now, period) for period in (choice.period, choice.previous))
    figures = _stocks(now, area)
    return [
        Row(
            one,
            before.get(one.target_id),
            rank := ranks.get(one.target_id, {}).get(area.code),
            ranks_before.get(one.target_id, {}).get(area.code),
            "" if rank else _why_no_rank(one),
            quota_shown(one, figures),
        )
        for one in sorted(now, key=standing.worst_first)
    ]


def _ranks(now: Sequence[Assessment], period: Period) -> Mapping[int, Mapping[str, Rank]]:
    """Target → area code → rank among the areas, the plan's own left out: a whole is not compared with its parts."""
    shares: dict[int, dict[str, Decimal | None]] = {}
    found = Assessment.objects.current().at(period).filter(target__in=[one.target_id for one in now])
    for target, plan, area_pk, area, share in found.order_by().values_list(
        "target", "target__plan__area", "area", "area__code", "gap_share"
    ):
        if area_pk != plan:
            shares.setdefault(target, {})[area] = share
    return {target: standing.ranks(group) for target, group in shares.items()}


def _why_no_rank(one: Assessment) -> str:
    if one.area_id == one.target.plan.area_id:
        return gettext("The whole is not ranked among its parts.")
    return reason_word(one, "gap_share") or gettext("No other area has a comparable result.")


def _stocks(now: Sequence[Assessment], area: Area) -> Mapping[str, Observation]:
    """The figures as filed of numerators and denominators that are stocks: of these alone a remainder can be told."""
    codes = {code for one in now for code in (one.target.indicator.numerator, one.target.indicator.denominator) if not one.frozen}
    found = Observation.objects.current().filter(
        area=area, period=now[0].period if now else "", indicator__code__in=codes, indicator__kind=Indicator.Kind.STOCK
    )
    return {one.indicator.code: one for one in found.select_related("indicator") if one.value is not None}


def _effect(last: Submission, results: Sequence[Assessment]) -> Effect:
    period = last.parsed_period
    assert period is not None, "a form with a frequency has a period"
    new = Observation.objects.filter(entry__submission=last)
    sides = ([one for one in results if one.period == str(when)] for when in (period, period.previous))
    return Effect(
        last,
        new.filter(supersedes=None).count(),
        list(new.exclude(supersedes=None).select_related("indicator", "area", "supersedes")),
        board.moves(*(board.by_key(side) for side in sides)),
    )
