from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.models import User, person_of
from indicators.form_rows import FormRow
from indicators.models import Entry, Observation, Project, ReportingForm, ReportingTask, Submission, SubmissionFinding
from indicators.models.form_rows import form_rows
from indicators.models.task import TaskState
from indicators.parsing import read_period
from indicators.readers import MAX_BYTES
from indicators.register import ProjectRow, faults


class PlainDecimal(serializers.DecimalField):
    """A number as text without trailing zeros: 12.5, not 12.500000000000000."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"normalize_output": True}))


def period_code(text: str) -> str:
    """A period as the system writes it. ValidationError if it is none."""
    if not read_period(text):
        raise serializers.ValidationError("Not a period. Write it like 2018-Q3.")
    return read_period(text)


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


_CONFLICT = OpenApiResponse(description="The move is not possible from the present state; the detail says why.")
_NO_BUREAU = OpenApiResponse(description="No bureau to report for.")
_MOVED = {200: SubmissionDetailSerializer, 403: OpenApiResponse(description="Not your part."), 409: _CONFLICT}


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
            409: _CONFLICT,
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


class TaskRowSerializer(serializers.Serializer[FormRow]):
    """One figure asked for, with the approved ones before it."""

    indicator = serializers.CharField()
    indicator_name = serializers.CharField()
    area = serializers.CharField()
    area_name = serializers.CharField()
    unit = serializers.CharField()
    asked = serializers.BooleanField(help_text="False where the indicator is not collected in this period.")
    previous = PlainDecimal(max_digits=30, decimal_places=15, allow_null=True, help_text="Approved, of the period before.")
    year_before = PlainDecimal(max_digits=30, decimal_places=15, allow_null=True, help_text="Approved, of the same period last year.")


class TaskSerializer(serializers.ModelSerializer[ReportingTask]):
    bureau = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    form = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    state = serializers.ChoiceField(choices=TaskState.choices)
    late = serializers.SerializerMethodField(help_text="The last day is over and nothing was sent that waits or counts.")

    class Meta:
        model = ReportingTask
        fields = ["id", "form", "bureau", "period", "state", "due_on", "extended_to", "late"]

    def get_late(self, task: ReportingTask) -> bool:
        return task.overdue_by(clock.today()) > 0


class TaskDetailSerializer(TaskSerializer):
    rows = TaskRowSerializer(source="form_rows", many=True)

    class Meta(TaskSerializer.Meta):
        fields = [*TaskSerializer.Meta.fields, "rows"]


class TaskFilter(serializers.Serializer[Any]):
    """What narrows the list of tasks."""

    state = serializers.ChoiceField(choices=[*TaskState.choices, ("overdue", "Overdue")], required=False)
    period = serializers.CharField(required=False, max_length=20, help_text="For example 2018-Q3.")
    bureau = serializers.CharField(required=False, max_length=20, help_text="A bureau's code.")

    def validate_period(self, text: str) -> str:
        return period_code(text)


@extend_schema_view(list=extend_schema(parameters=[TaskFilter]))
class TaskViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ReportingTask]):
    """What bureaus owe: each form and period with its last day and how far it is; one task also with the figures it asks for."""

    queryset = ReportingTask.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[ReportingTask]:
        if getattr(self, "swagger_fake_view", False):
            return ReportingTask.objects.none()
        tasks = ReportingTask.objects.visible_to(person_of(self.request)).for_lists()
        if self.detail:
            return tasks
        given = TaskFilter(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        chosen = given.validated_data
        if "state" in chosen:
            tasks = tasks.in_state(chosen["state"], clock.today())
        return tasks.filter(**{path: chosen[name] for name, path in (("period", "period"), ("bureau", "bureau__code")) if name in chosen})

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return TaskDetailSerializer if self.detail else TaskSerializer

    def get_object(self) -> ReportingTask:
        task = super().get_object()
        task.form_rows = form_rows(task)  # type: ignore[attr-defined]
        return task
