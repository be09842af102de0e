"""The approved figures a result rests on, each with what it was used for. From a figure the way leads on to its cell and file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from indicators.models import Indicator, Observation
from indicators.periods import Period
from targets.models.assessment import Assessment
from targets.progress.inputs import ROLES, ingredients, periods_used


@dataclass(frozen=True, slots=True)
class Input:
    """`role` is a key of `targets.progress.inputs.ROLES`."""

    role: str
    observation: Observation

    def source_for(self, user: User) -> str:
        """Address of the cell's line in its submission; "" where the person may not see that submission."""
        sent = self.observation.entry.submission
        own = user.role != User.Role.REPORTER or user.bureau_id == sent.bureau_id
        return f"{sent.get_absolute_url()}#entry-{self.observation.entry_id}" if own else ""


def inputs_of(assessment: Assessment) -> list[Input]:
    """Figures of the target's indicator and of all it is computed from, in the area or, for the whole, those inside it: those judged
    first, then baseline, year before, earlier years of a sum and the years that tell a season."""
    target = assessment.target
    used = periods_used(assessment.result)
    places = Q(area=assessment.area_id)
    if assessment.area_id == target.plan.area_id:
        places |= Q(area__code__in=target.scope) if target.scope else Q(area__parent=assessment.area_id)
    made_of = ingredients(Indicator.objects.specs(), target.indicator.code)
    known = Observation.objects.current().filter(places, indicator__code__in=made_of, period__in=used)
    known = known.select_related("indicator", "area", "entry__submission__bureau").order_by("indicator__position", "area__code")
    return _in_order(Input(used[one.period], one) for one in known)


def _in_order(found: Iterable[Input]) -> list[Input]:
    roles: Sequence[str] = list(ROLES)
    return sorted(found, key=lambda one: (roles.index(one.role), -Period.parse(one.observation.period).time))
