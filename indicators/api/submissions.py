"""Submissions: sent, checked, explained, decided."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import person_of
from indicators.api.fields import CONFLICT, PlainDecimal, period_code
from indicators.models import Entry, ReportingForm, Submission, SubmissionFinding
from indicators.readers import MAX_BYTES


class FindingSerializer(serializers.ModelSerializer[SubmissionFinding]):
    cell = serializers.SerializerMethodField(help_text="Address in the file, for example F7; null for the file as a whole.")
    message = serializers.CharField(source="sentence")

    class Meta:
        model = SubmissionFinding
        fields = ["id", "rule", "severity", "sheet", "cell", "row", "column", "indicator", "area", "message", "explanation"]

    def get_cell(self, finding: SubmissionFinding) -> str | None:
        return finding.cell.address if finding.cell else None


class EntrySerializer(serializers.ModelSerializer[Entry]):
    indicator = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    area = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    value = PlainDecimal(max_digits=30, decimal_places=15)

    class Meta:
        model = Entry
        fields = ["indicator", "area", "period", "value", "status", "vintage", "source", "note", "sheet", "row", "column"]


class SubmissionSerializer(serializers.ModelSerializer[Submission]):
    bureau = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    form = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    sha256 = serializers.CharField(source="upload.sha256")
    is_late = serializers.BooleanField()

    class Meta:
        model = Submission
        fields = ["id", "filename", "sha256", "bureau", "form", "period", "state", "door", "arrived_at", "is_late", "reason", "known_at"]


class SubmissionDetailSerializer(SubmissionSerializer):
    findings = FindingSerializer(many=True, read_only=True)
    entries = EntrySerializer(many=True, read_only=True)

    class Meta(SubmissionSerializer.Meta):
        fields = [*SubmissionSerializer.Meta.fields, "findings", "entries"]


class FileUploadSerializer(serializers.Serializer[Any]):
    """Multipart upload: the file, and form and period where the file does not name them."""

    file = serializers.FileField(max_length=200)
    form = serializers.SlugRelatedField[Any](slug_field="code", queryset=ReportingForm.objects.all(), required=False)
    period = serializers.CharField(required=False, max_length=20, help_text="For example 2018-Q3.")

    def validate_form(self, form: ReportingForm) -> ReportingForm:
        if not form.bureaus.filter(pk=self.context["request"].user.bureau_id).exists():
            raise serializers.ValidationError("Your bureau does not answer this form.")
        return form

    def validate_period(self, text: str) -> str:
        return period_code(text)

    def validate_file(self, file: Any) -> Any:
        if file.size > MAX_BYTES:
            raise serializers.ValidationError("The file is larger than 20 MB. Split it.")
        return file


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000)


class ExplanationSerializer(serializers.Serializer[Any]):
    """Answers to warnings: finding id → explanation."""

    explanations = serializers.DictField(child=serializers.CharField(max_length=500))

    def validate_explanations(self, texts: dict[str, str]) -> dict[int, str]:
        if not all(pk.isdecimal() and len(pk) < 19 for pk in texts):  # 18 digits: what a database's number holds
            raise serializers.ValidationError("Each key must be the number of a finding.")
        return {int(pk): text for pk, text in texts.items()}


_MOVED = {200: SubmissionDetailSerializer, 403: OpenApiResponse(description="Not your part."), 409: CONFLICT}


class SubmissionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Submission]):
    """A bureau's quarter on its way. Send it, read the findings, explain warnings, submit; a reviewer approves or returns."""

    parser_classes = [MultiPartParser, JSONParser]
    queryset = Submission.objects.none()

    def get_queryset(self) -> QuerySet[Submission]:
        if getattr(self, "swagger_fake_view", False):
            return Submission.objects.none()
        chosen = Submission.objects.visible_to(person_of(self.request)).select_related("bureau", "form", "task", "upload")
        chosen = chosen.defer("upload__content")  # a list must not carry every file
        return chosen.prefetch_related("findings", "entries__indicator", "entries__area") if self.detail else chosen

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return SubmissionDetailSerializer if self.detail else SubmissionSerializer

    @extend_schema(
        request={"multipart/form-data": FileUploadSerializer, "application/json": dict},
        responses={202: SubmissionSerializer, 200: SubmissionSerializer, 403: OpenApiResponse(description="No bureau to report for.")},
        description="Send figures: a file (multipart), or JSON as in the upload format. "
        "202: received, its check has begun; 200: these bytes are here already.",
    )
    def create(self, request: Request) -> Response:
        content, filename, named = self._content(request)
        submission, new = Submission.objects.receive(content, filename, by=person_of(request), door="api", **named)
        code = status.HTTP_202_ACCEPTED if new else status.HTTP_200_OK
        return Response(
            SubmissionSerializer(submission).data, status=code, headers={"Location": f"{request.path.rstrip('/')}/{submission.pk}"}
        )

    def _content(self, request: Request) -> tuple[bytes, str, dict[str, Any]]:
        if request.content_type.lower().startswith("application/json"):
            content = request._request.body  # the exact bytes, before anybody parses them: they are what is kept and hashed
            if not isinstance(request.data, dict):
                raise serializers.ValidationError("Send one object with form, bureau, period and rows.")
            return content, "submission.json", {}
        given = FileUploadSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        file = given.validated_data.pop("file")
        return file.read(), file.name, given.validated_data

    @extend_schema(request=ExplanationSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def explain(self, request: Request, pk: str) -> Response:
        given = ExplanationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found = self.get_object()
        found.explain(given.validated_data["explanations"], by=person_of(request))
        return self._answer(found)

    @extend_schema(request=None, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        found = self.get_object()
        found.submit(by=person_of(request))
        return self._answer(found)

    @extend_schema(request=None, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        found = self.get_object()
        found.withdraw(by=person_of(request))
        return self._answer(found)

    @extend_schema(request=None, responses=_MOVED)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        found = self.get_object()
        found.approve(by=person_of(request))
        return self._answer(found)

    @extend_schema(request=ReasonSerializer, responses=_MOVED)
    @action(detail=True, methods=["post"], url_path="return")
    def return_for_changes(self, request: Request, pk: str) -> Response:
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found = self.get_object()
        found.return_for_changes(by=person_of(request), reason=given.validated_data["reason"])
        return self._answer(found)

    def _answer(self, found: Submission) -> Response:
        return Response(SubmissionDetailSerializer(self.get_queryset().get(pk=found.pk)).data)
