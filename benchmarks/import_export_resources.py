"""The same workbook through django-import-export: as its documentation shows a resource, and tuned by hand. Both run our rules over the
rows first and store what has no error as entries, so that the work is the same."""

from time import monotonic
from typing import Any

from import_export import fields, resources, widgets
from import_export.formats.base_formats import XLSX

from accounts.models import Area, User
from indicators.models import Entry, Indicator, ReportingForm, Submission, Upload
from indicators.models.checking import judge
from indicators.rows import NORMAL


class KnownWidget(widgets.ForeignKeyWidget):
    """A foreign key looked up among the rows that were read once."""

    known: dict[str, Any] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if not self.known:
            self.known = {thing.code: thing for thing in self.model.objects.all()}
        return self.known[str(value)]


class Documented(resources.ModelResource):
    """As the documentation shows it: foreign keys by a field, rows told apart by their key, instances cleaned."""

    indicator = fields.Field(attribute="indicator", column_name="indicator", widget=widgets.ForeignKeyWidget(Indicator, "code"))
    area = fields.Field(attribute="area", column_name="area", widget=widgets.ForeignKeyWidget(Area, "code"))

    class Meta:
        model = Entry
        fields = ("indicator", "area", "period", "value", "source", "note")
        import_id_fields = ("indicator", "area", "period")
        clean_model_instances = True

    submission: Submission
    content = b""

    def get_queryset(self) -> Any:
        return Entry.objects.filter(submission=self.submission)

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Our rules over the same bytes; rows with an error are taken out."""
        verdict = judge(self.submission)
        wrong = {finding.cell.row for finding in verdict.findings if finding.severity == "error" and finding.cell}
        for index in sorted((row - 2 for row in wrong), reverse=True):
            del dataset[index]

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        row["value"] = str(row["value"]).replace(",", "")

    def after_init_instance(self, instance: Entry, new: bool, row: Any, **kwargs: Any) -> None:
        instance.submission, instance.status = self.submission, NORMAL


class Tuned(Documented):
    """No look-up per row, one statement for many rows, no difference shown."""

    indicator = fields.Field(attribute="indicator", column_name="indicator", widget=KnownWidget(Indicator, "code"))
    area = fields.Field(attribute="area", column_name="area", widget=KnownWidget(Area, "code"))

    class Meta(Documented.Meta):
        use_bulk = True
        batch_size = 1000
        force_init_instance = True
        skip_diff = True
        clean_model_instances = False


RESOURCES: dict[str, type[Documented]] = {"as documented": Documented, "tuned by hand": Tuned}


def timed(kind: type[Documented], content: bytes) -> float:
    """Seconds from the workbook's bytes to stored entries."""
    by = User.objects.get(username="clerk-province")
    assert by.bureau is not None
    form = ReportingForm.objects.get(code="BULK")
    Submission.objects.filter(filename="peer.xlsx").delete()
    upload = Upload.keep(content)
    given = {"bureau": by.bureau, "form": form, "door": "command", "sent_by": by, "filename": "peer.xlsx"}
    submission = Submission.objects.create(upload=upload, arrived_at="2018-10-20T00:00:00+08:00", **given)
    submission.refresh_from_db()
    resource = kind()
    resource.submission = submission
    started = monotonic()
    result = resource.import_data(XLSX().create_dataset(content), raise_errors=True)
    seconds = monotonic() - started
    if result.has_errors() or result.has_validation_errors() or not submission.entries.exists():
        raise SystemExit(f"{kind.__name__}: the import failed: {result.row_errors()[:3]} {result.invalid_rows[:3]}")
    return seconds
