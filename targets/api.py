from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import person_of
from targets.models import Assessment, Outlook, Target
from targets.models.attributing import Behind, Moved, Origin, by_area, by_sector, moved
from targets.models.inputs import Input, inputs_of
from targets.models.readings import Rules, ShownReading
from targets.models.trace import Explained, trace_of
from targets.progress.attribution import AREA_REASONS, NO_ORIGIN, STORED, Part
from targets.progress.inputs import ROLES
from targets.progress.movement import Effects
from targets.views.choice import period_of


class TargetSerializer(serializers.ModelSerializer[Target]):
    plan = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    indicator = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    sector = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = Target
        fields = ["code", "plan", "indicator", "sector", "name_zh", "name_en", "clause", "kind", "unit_zh", "unit_en", "operator", "value"]
        fields += ["value_high", "baseline_year", "baseline_value", "target_year", "scope", "wording", "convention", "path"]
        fields += ["baseline_rule", "binding", "date_basis", "headline", "reading_zh", "reading_en", "doubt_zh", "doubt_en"]


class TraceSerializer(serializers.Serializer[Explained]):
    """Why a result is what it is; the same texts as on the page and in the reports, in the language asked for."""

    sentence = serializers.CharField()
    steps = serializers.SerializerMethodField(help_text="The arithmetic in its order, the numbers put in.")
    notes = serializers.ListField(child=serializers.CharField())
    missing = serializers.DictField(child=serializers.CharField(), help_text="Why a number is null: name → sentence.")
    margin = serializers.CharField(help_text="Distance of the pace to the next level; empty where there is none.")
    rule_version = serializers.CharField()

    @extend_schema_field(serializers.ListField(child=serializers.DictField(child=serializers.CharField())))
    def get_steps(self, trace: Explained) -> list[dict[str, str]]:
        return [{"name": name, "formula": formula} for name, formula in trace.steps]


class InputSerializer(serializers.Serializer[Input]):
    """A figure a result rests on, and where it came from."""

    role = serializers.ChoiceField(choices=tuple(ROLES))
    indicator = serializers.CharField(source="observation.indicator.code")
    area = serializers.CharField(source="observation.area.code")
    period = serializers.CharField(source="observation.period")
    value = serializers.DecimalField(source="observation.value", max_digits=30, decimal_places=15, normalize_output=True)
    unit = serializers.CharField(source="observation.indicator.unit_zh")
    vintage = serializers.CharField(source="observation.vintage", help_text="express, preliminary or final; empty where not stated.")
    known_at = serializers.DateTimeField(source="observation.known_at")
    observation = serializers.IntegerField(source="observation.pk")
    submission = serializers.IntegerField(source="observation.entry.submission_id")
    cell = serializers.SerializerMethodField(help_text="Sheet and cell in the file that was sent; empty for a JSON body.")
    page = serializers.SerializerMethodField(help_text="The line in its submission; empty where it may not be seen.")

    def get_cell(self, one: Input) -> str:
        return str(one.observation.entry.cell or "")

    def get_page(self, one: Input) -> str:
        return one.source_for(person_of(self.context["request"]))


class ReadingSerializer(serializers.Serializer[ShownReading]):
    """What another rule set says of the result; the status stays that of the target's own. Texts in the language asked for."""

    rule_set = serializers.CharField(source="rule_set.code")
    version = serializers.CharField(source="rule_set.version")
    name = serializers.CharField(source="rule_set.name")
    level = serializers.CharField(source="level.code", default=None, help_text="Level number or grade code; null: see reason.")
    word = serializers.CharField(source="level.word", default=None)
    colour = serializers.CharField(source="level.colour", default=None)
    shape = serializers.CharField(source="level.shape", default=None)
    score = serializers.FloatField(help_text="Points of a sheet, or the scheme's score.")
    veto = serializers.BooleanField()
    provisional = serializers.BooleanField(help_text="The year is not over: it is read as it stands.")
    sentence = serializers.CharField()
    margin = serializers.CharField(help_text="Distance to the next better level; empty where there is none.")
    reason = serializers.CharField(help_text="Reason code where there is no level.")
    why = serializers.CharField(help_text="The reason as a sentence.")


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    target = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    area = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    unit = serializers.CharField(source="target.indicator.unit_zh")
    reasons = serializers.SerializerMethodField(help_text="Why a number is null: name → reason code.")
    trace = serializers.SerializerMethodField(help_text="The status explained: a sentence, the arithmetic with its numbers, the rule.")

    class Meta:
        model = Assessment
        fields = ["id", "target", "area", "period", "status", "reason", "unit", "value", "goal", "expected", "gap", "gap_share"]
        fields += ["gap_linear", "progress", "required_pace", "frozen", "late_fulfilment", "reasons", "trace"]

    def get_reasons(self, assessment: Assessment) -> dict[str, str]:
        return {name.removesuffix("_reason"): code for name, code in assessment.result.items() if name.endswith("_reason") and code}

    @extend_schema_field(TraceSerializer)
    def get_trace(self, assessment: Assessment) -> dict[str, Any]:
        return TraceSerializer(trace_of(assessment)).data


class AssessmentDetailSerializer(AssessmentSerializer):
    """One result with its readings under other rules and the figures it rests on."""

    readings = serializers.SerializerMethodField(help_text="The result under other rules.")
    inputs = serializers.SerializerMethodField()

    class Meta(AssessmentSerializer.Meta):
        fields = [*AssessmentSerializer.Meta.fields, "readings", "inputs"]

    @extend_schema_field(ReadingSerializer(many=True))
    def get_readings(self, assessment: Assessment) -> list[dict[str, Any]]:
        return [ReadingSerializer(one).data for one in Rules().readings_of(assessment)]

    @extend_schema_field(InputSerializer(many=True))
    def get_inputs(self, assessment: Assessment) -> list[dict[str, Any]]:
        return [InputSerializer(one, context=self.context).data for one in inputs_of(assessment)]


class PartSerializer(serializers.Serializer[Part]):
    """A part of a gap: of a member by its code, or of none by its reason."""

    code = serializers.CharField(help_text="The area, or the target of a part of the formula; empty for a remainder.")
    reason = serializers.ChoiceField(choices=tuple(AREA_REASONS), allow_blank=True, help_text="What a remainder is; empty for a member.")
    about = serializers.ListField(child=serializers.CharField(), help_text="The members a remainder is about, if it is about some.")
    gap = serializers.DecimalField(max_digits=24, decimal_places=9)
    share = serializers.SerializerMethodField(help_text="A fraction of the gap; null where the parts nearly cancel each other.")

    @extend_schema_field(serializers.DecimalField(max_digits=24, decimal_places=9, allow_null=True))
    def get_share(self, part: Part) -> str | None:
        share = self.context["attribution"].share(part)
        return None if share is None else f"{share:.9f}"


class OriginSerializer(serializers.Serializer[Origin]):
    """Parts that add up to the gap exactly, or why there are none."""

    parts = serializers.SerializerMethodField()
    absent = serializers.SerializerMethodField(help_text="Members without figures, in none of the parts.")
    why_none = serializers.ChoiceField(choices=tuple(NO_ORIGIN), allow_blank=True)

    @extend_schema_field(PartSerializer(many=True))
    def get_parts(self, origin: Origin) -> list[dict[str, Any]]:
        found = origin.attribution
        return [] if found is None else [PartSerializer(part, context={"attribution": found}).data for part in found.parts]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_absent(self, origin: Origin) -> list[str]:
        return list(origin.attribution.absent) if origin.attribution else []


class EffectsSerializer(serializers.Serializer[Effects]):
    """Structure and intensity: effects in the intensity's unit, which add up, and as factors of change, which multiply."""

    structure = serializers.DecimalField(max_digits=24, decimal_places=9)
    intensity = serializers.DecimalField(max_digits=24, decimal_places=9)
    structure_change = serializers.FloatField(help_text="A fraction: −0.02 is 2 % down.")
    intensity_change = serializers.FloatField()


class MovedSerializer(serializers.Serializer[Moved]):
    """What moved an intensity from one whole year to another."""

    first = serializers.IntegerField()
    last = serializers.IntegerField()
    whole = serializers.SerializerMethodField()
    areas = serializers.SerializerMethodField(help_text="The effects by area code.")
    years = serializers.SerializerMethodField(help_text="The effects of each year over the year before; null where not known.")
    chained = serializers.SerializerMethodField(help_text="The yearly effects added up or multiplied; null where one is not known.")
    lacking = serializers.SerializerMethodField(help_text="Missing figures as indicator, area, year; without them there are no effects.")

    @extend_schema_field(EffectsSerializer(allow_null=True))
    def get_whole(self, found: Moved) -> Any:
        return found.movement and EffectsSerializer(found.movement.whole(STORED)).data

    @extend_schema_field(serializers.DictField(child=EffectsSerializer()))
    def get_areas(self, found: Moved) -> dict[str, Any]:
        effects = found.movement.by_member(STORED) if found.movement else []
        return {area.code: EffectsSerializer(one).data for area, one in zip(found.areas, effects, strict=False)}

    @extend_schema_field(serializers.DictField(child=EffectsSerializer(allow_null=True)))
    def get_years(self, found: Moved) -> dict[str, Any]:
        steps = found.movement.by_year(STORED) if found.movement else []
        return {str(year): one and EffectsSerializer(one).data for year, one in steps}

    @extend_schema_field(EffectsSerializer(allow_null=True))
    def get_chained(self, found: Moved) -> Any:
        chained = found.movement and found.movement.chained(STORED)
        return chained and EffectsSerializer(chained).data

    @extend_schema_field(serializers.ListField(child=serializers.ListField()))
    def get_lacking(self, found: Moved) -> list[list[Any]]:
        return [[code, area.code, year] for code, area, year in found.lacking]


class AttributionSerializer(serializers.Serializer[Any]):
    """Where the gap of a target comes from, and what moved its intensity."""

    target = serializers.CharField(source="whole.target.code")
    area = serializers.CharField(source="whole.area.code")
    period = serializers.CharField(source="whole.period")
    judged_period = serializers.CharField(help_text="The period the gap is about: after the deadline that of the deadline.")
    unit = serializers.CharField(source="whole.target.indicator.unit_zh")
    gap = serializers.DecimalField(source="whole.gap", max_digits=24, decimal_places=9, allow_null=True)
    by_area = OriginSerializer(allow_null=True, help_text="Null but for the plan's own area and gaps that are made of the areas'.")
    by_sector = OriginSerializer(allow_null=True, help_text="Null but for sums whose parts have targets with the same deadline.")
    intensity = MovedSerializer(allow_null=True, help_text="Null but for the plan's own area and targets that cut an intensity.")


_WHICH = [
    OpenApiParameter("area", OpenApiTypes.STR, description="The area; by default the plan's own."),
    OpenApiParameter("period", OpenApiTypes.STR, description="The period, as 2018-Q2; by default the latest that was due."),
]


def _number(name: str, **more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(source=name, max_digits=24, decimal_places=9, allow_null=True, **more)


class ForecastPointSerializer(serializers.Serializer[Any]):
    """The forecast for the end of one period with the ranges that hold it with 80 and 95 % likelihood."""

    period = serializers.CharField()
    value, low80, high80, low95, high95 = (serializers.DecimalField(max_digits=24, decimal_places=9) for _ in range(5))


class OutlookSerializer(serializers.ModelSerializer[Outlook]):
    target = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    area = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    unit = serializers.CharField(source="target.indicator.unit_zh")
    deadline = serializers.CharField(help_text="The period whose end `value` is forecast for.")
    explanation = serializers.SerializerMethodField(help_text="The method, or why there is no forecast, in a sentence.")
    goal_level = _number("data.goal_level")
    required_pace = _number("data.required_pace", help_text="A year, from `period` to the goal.")
    recent_pace = _number("data.recent_pace", help_text="A year, from `recent_from` to `recent_to`.")
    pace_unit = serializers.CharField(source="data.pace_unit", help_text="percent; unit: the figure's own.")
    recent_from = serializers.CharField(source="data.recent_from")
    recent_to = serializers.CharField(source="data.recent_to")
    path = ForecastPointSerializer(source="data.path", many=True)

    class Meta:
        model = Outlook
        fields = ["target", "area", "period", "deadline", "method", "reason", "explanation", "points", "unit", "value", "low80", "high80"]
        fields += ["low95", "high95", "chance", "goal_level", "required_pace", "recent_pace", "pace_unit", "recent_from", "recent_to"]
        fields += ["path"]

    def get_explanation(self, one: Outlook) -> str:
        return one.how or one.why_none


class TargetViewSet(viewsets.ReadOnlyModelViewSet[Target]):
    """The targets of all plans."""

    serializer_class = TargetSerializer
    lookup_field = "code"
    queryset = Target.objects.for_pages()

    @extend_schema(parameters=_WHICH, responses=AttributionSerializer)
    @action(detail=True)
    def attribution(self, request: Request, code: str = "") -> Response:
        """Where the gap comes from, by area and by sector, and what moved the intensity."""
        target = get_object_or_404(Target.objects.for_pages().select_related("plan__area"), code=code)
        period, own = period_of(request).period, target.plan.area.code
        results, behind = Assessment.objects.current().filter(target=target).at(period).for_pages(), Behind(target, period)
        whole = next((one for one in results if one.area.code == request.query_params.get("area", own)), None)
        if whole is None:
            raise Http404
        is_own = whole.area.code == own
        answer = {
            "whole": whole,
            "judged_period": whole.result.get("judged_period") or whole.period,
            "by_area": by_area(whole, results, behind) if is_own else None,
            "by_sector": by_sector(whole),
            "intensity": moved(behind) if is_own else None,
        }
        return Response(AttributionSerializer(answer).data)


_FILTERS = [OpenApiParameter(name, OpenApiTypes.STR, description=f"Only this {name}.") for name in ("target", "area", "period", "status")]


@extend_schema_view(list=extend_schema(parameters=_FILTERS))
class AssessmentViewSet(viewsets.ReadOnlyModelViewSet[Assessment]):
    """What the engine says now of each target, area and period; one of them with the figures it rests on."""

    serializer_class = AssessmentSerializer
    queryset = Assessment.objects.none()

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Assessment]]:
        return AssessmentDetailSerializer if self.action == "retrieve" else AssessmentSerializer

    def get_queryset(self) -> QuerySet[Assessment]:
        if self.action == "retrieve":  # also one that a later result superseded: its address stays
            return Assessment.objects.for_pages().select_related("target__plan")
        paths = {"target": "target__code", "area": "area__code", "period": "period", "status": "status"}
        chosen = {path: self.request.query_params[name] for name, path in paths.items() if name in self.request.query_params}
        return Assessment.objects.current().for_pages().filter(**chosen)


@extend_schema_view(list=extend_schema(parameters=_FILTERS[:3]))
class OutlookViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Outlook]):
    """What the figures known at the end of a period let expect of each open target at its deadline."""

    serializer_class = OutlookSerializer
    queryset = Outlook.objects.none()

    def get_queryset(self) -> QuerySet[Outlook]:
        paths = {"target": "target__code", "area": "area__code", "period": "period"}
        chosen = {path: self.request.query_params[name] for name, path in paths.items() if name in self.request.query_params}
        return Outlook.objects.current().for_pages().filter(**chosen)
