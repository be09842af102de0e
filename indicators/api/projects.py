"""The project register."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import person_of
from indicators.api.fields import CONFLICT, PlainDecimal
from indicators.models import Project
from indicators.register import ProjectRow, faults


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """A line of the register. `code` and `bureau` follow from the address and the sender; a field that is left out of a PUT is emptied."""

    bureau = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    indicator = serializers.CharField(source="indicator.code", max_length=20)
    area = serializers.CharField(source="area.code", max_length=12)
    unit = serializers.CharField(source="indicator.unit_zh", read_only=True)
    capacity = PlainDecimal(max_digits=30, decimal_places=15)

    class Meta:
        model = Project
        fields = ["code", "name", "plant", "indicator", "area", "bureau", "capacity", "unit"]
        fields += ["planned_on", "finished_on", "note", "struck_out"]
        read_only_fields = ["code", "struck_out"]

    def row(self, code: str, bureau: str) -> ProjectRow:
        """What was sent, with every fault of it as one error."""
        said = dict(self.validated_data)
        codes = {name: said.pop(name)["code"] for name in ("indicator", "area")}
        row = ProjectRow(code=code, bureau=bureau, **codes, **said)
        found: dict[str, list[str]] = {}
        for name, message, params in faults(row, Project.objects.facts()):
            found.setdefault(name, []).append(gettext(message) % params)
        if found:
            raise serializers.ValidationError(found)
        return row


_NARROW = [OpenApiParameter(name, OpenApiTypes.STR, description="One exact code.") for name in ("indicator", "area", "bureau")]


class ProjectViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Project]):
    """The project register behind the cumulative indicators. The same PUT twice is one project."""

    queryset = Project.objects.none()
    serializer_class = ProjectSerializer
    lookup_field = "code"
    lookup_value_regex = r"[^/]+?"

    def get_queryset(self) -> QuerySet[Project]:
        if getattr(self, "swagger_fake_view", False):
            return Project.objects.none()
        chosen = Project.objects.visible_to(person_of(self.request)).select_related("indicator", "area", "bureau").order_by("code")
        narrow = {f"{name}__code": self.request.GET[name] for name in ("indicator", "area", "bureau") if self.request.GET.get(name)}
        return chosen.filter(**narrow) if self.action == "list" else chosen

    @extend_schema(parameters=_NARROW)
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(
        request=ProjectSerializer,
        responses={
            200: ProjectSerializer,
            201: ProjectSerializer,
            403: OpenApiResponse(description="No bureau to report for."),
            409: CONFLICT,
        },
        description="Enter a project of the own bureau, or correct it. 201: new; 200: it is as sent now.",
    )
    def update(self, request: Request, code: str) -> Response:
        person = person_of(request)
        if not person.can_report or person.bureau is None:
            raise PermissionDenied("Only a bureau's clerk can write in the register, and only for the own bureau.")
        given = ProjectSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        new, _changed = Project.objects.load([given.row(code, person.bureau.code)], by=person)
        found = self.get_queryset().get(code=code)
        return Response(ProjectSerializer(found).data, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)
