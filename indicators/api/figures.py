"""Approved figures with their history."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User, person_of
from indicators.api.fields import PlainDecimal
from indicators.models import Observation


class FigureSerializer(serializers.ModelSerializer[Observation]):
    """An approved value with what it replaced. The submission behind it is named only to those who may see it."""

    indicator = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    area = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    value = PlainDecimal(max_digits=30, decimal_places=15, allow_null=True)
    unit = serializers.CharField(source="indicator.unit_zh")
    note = serializers.CharField(source="entry.note")
    in_force = serializers.SerializerMethodField(help_text="False where a later value replaced this one.")
    supersedes = serializers.IntegerField(source="supersedes_id", allow_null=True, help_text="Id of the value it replaced.")
    before = PlainDecimal(source="supersedes.value", max_digits=30, decimal_places=15, default=None, help_text="The value it replaced.")
    submission = serializers.SerializerMethodField(help_text="Null where it may not be seen.")

    class Meta:
        model = Observation
        fields = ["id", "indicator", "area", "period", "value", "unit", "status", "vintage", "source", "note", "known_at", "in_force"]
        fields += ["supersedes", "before", "submission"]

    def get_in_force(self, one: Observation) -> bool:
        return not hasattr(one, "successor")

    def get_submission(self, one: Observation) -> int | None:
        person, sent = person_of(self.context["request"]), one.entry.submission
        return sent.pk if person.role != User.Role.REPORTER or person.bureau_id == sent.bureau_id else None


_WHOSE = [OpenApiParameter(name, OpenApiTypes.STR, required=True, description=f"Code of the {name}.") for name in ("indicator", "area")]


class FigureViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Observation]):
    """Every value ever approved of one indicator in one area: by period, and within a period in the order they became known."""

    serializer_class = FigureSerializer
    queryset = Observation.objects.none()

    def get_queryset(self) -> QuerySet[Observation]:
        if getattr(self, "swagger_fake_view", False):
            return Observation.objects.none()
        named = {name: self.request.query_params.get(name, "") for name in ("indicator", "area")}
        if missing := {name: ["Name one by its code."] for name, code in named.items() if not code}:
            raise serializers.ValidationError(missing)
        found = Observation.objects.filter(indicator__code=named["indicator"], area__code=named["area"])
        found = found.select_related("indicator", "area", "supersedes", "successor", "entry__submission")
        return found.order_by("period_end", "period", "known_at", "pk")

    @extend_schema(parameters=_WHOSE)
    def list(self, request: Request) -> Response:
        return super().list(request)
