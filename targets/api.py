from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from targets.models import Assessment, Target
from targets.models.trace import trace_of


class TargetSerializer(serializers.ModelSerializer[Target]):
    plan = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    indicator = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    sector = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = Target
        fields = ["code", "plan", "indicator", "sector", "name_zh", "name_en", "clause", "kind", "unit_zh", "unit_en", "operator", "value"]
        fields += ["value_high", "baseline_year", "baseline_value", "target_year", "scope", "wording", "convention", "path"]
        fields += ["baseline_rule", "binding", "date_basis", "headline", "reading_zh", "reading_en", "doubt_zh", "doubt_en"]


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    target = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    area = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    unit = serializers.CharField(source="target.indicator.unit_zh")
    reasons = serializers.SerializerMethodField(help_text="Why a number is null: name → reason code.")
    trace = serializers.SerializerMethodField(help_text="The status explained in a sentence with its numbers.")

    class Meta:
        model = Assessment
        fields = ["target", "area", "period", "status", "reason", "unit", "value", "goal", "expected", "gap", "gap_share", "gap_linear"]
        fields += ["progress", "required_pace", "frozen", "late_fulfilment", "reasons", "trace"]

    def get_reasons(self, assessment: Assessment) -> dict[str, str]:
        return {name.removesuffix("_reason"): code for name, code in assessment.result.items() if name.endswith("_reason") and code}

    def get_trace(self, assessment: Assessment) -> str:
        return trace_of(assessment).sentence


class TargetViewSet(viewsets.ReadOnlyModelViewSet[Target]):
    """The targets of all plans."""

    serializer_class = TargetSerializer
    lookup_field = "code"
    queryset = Target.objects.for_pages()


_FILTERS = [OpenApiParameter(name, OpenApiTypes.STR, description=f"Only this {name}.") for name in ("target", "area", "period", "status")]


@extend_schema_view(list=extend_schema(parameters=_FILTERS))
class AssessmentViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Assessment]):
    """What the engine says now of each target, area and period."""

    serializer_class = AssessmentSerializer
    queryset = Assessment.objects.none()

    def get_queryset(self) -> QuerySet[Assessment]:
        paths = {"target": "target__code", "area": "area__code", "period": "period", "status": "status"}
        chosen = {path: self.request.query_params[name] for name, path in paths.items() if name in self.request.query_params}
        return Assessment.objects.current().for_pages().filter(**chosen)
