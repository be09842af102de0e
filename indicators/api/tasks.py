"""What bureaus owe."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets

from accounts import clock
from accounts.models import person_of
from indicators.api.fields import PlainDecimal, period_code
from indicators.form_rows import FormRow
from indicators.models import ReportingTask
from indicators.models.form_rows import form_rows
from indicators.models.task import TaskState


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
