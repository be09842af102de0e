from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from indicators.models.indicator import Indicator
from indicators.rows import MOST_CHARACTERS, Cell, Finding, Row
from indicators.rules import RULES
from indicators.vintages import VINTAGES

if TYPE_CHECKING:
    from indicators.models.submission import Submission

TITLES = {rule.code: rule.title for rule in RULES}


class CellFields(models.Model):
    """Where in the file something stands."""

    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(default=0)
    column = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def cell(self) -> Cell | None:
        return Cell(self.sheet, self.row, self.column) if self.row else None


class VintageField(models.Model):
    """How final a figure is."""

    vintage = models.CharField(max_length=12, blank=True, help_text="a code of indicators.vintages.VINTAGES")

    class Meta:
        abstract = True

    @property
    def vintage_word(self) -> str:
        return gettext(VINTAGES[self.vintage]) if self.vintage else ""


class EntryQuerySet(models.QuerySet["Entry"]):
    def append(self, submission: "Submission", rows: Sequence[Row], indicators: Mapping[str, int], areas: Mapping[str, int]) -> None:
        """Insert the entries of a submission; `indicators` and `areas` are primary keys by code. Writes the statements itself: a bulk form
        has 100,000 rows, and an object for each would take three times as long."""
        if not rows:  # nothing fits into statements of no row
            return
        names = ["submission_id", "indicator_id", "area_id", *Entry.fields_of(rows[0])]
        fields, quote = {field.attname: field for field in Entry._meta.concrete_fields}, connection.ops.quote_name
        columns, value = ", ".join(quote(fields[name].column or "") for name in names), fields["value"]
        place, size = f"({', '.join(['%s'] * len(names))})", min(connection.ops.bulk_batch_size(names, rows), 1000)
        with connection.cursor() as cursor:
            for first in range(0, len(rows), size):
                batch, given = rows[first : first + size], []
                for row in batch:
                    said = Entry.fields_of(row)
                    said["value"] = value.get_db_prep_save(row.value, connection)  # the others are texts and whole numbers
                    given += [submission.pk, indicators[row.indicator], areas[row.area], *said.values()]
                table, places = quote(Entry._meta.db_table), ", ".join([place] * len(batch))
                cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {places}", given)  # noqa: S608 (names of our own columns)


class Entry(CellFields, VintageField):
    """One figure of a submission, not yet approved. A refused submission has none."""

    submission = models.ForeignKey("indicators.Submission", models.CASCADE, related_name="entries")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=30, decimal_places=15, null=True)
    status = models.CharField(max_length=1)
    text = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["row", "pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "indicator", "area", "period"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.indicator_id} {self.area_id} {self.period}"

    def row_of(self) -> Row:
        """As the checks see it. Needs indicator and area. The unit is not kept: it was the indicator's."""
        texts = {name: getattr(self, name) for name in ("period", "value", "status", "text", "source", "vintage", "note")}
        return Row(Cell(self.sheet, self.row, self.column), self.indicator.code, self.area.code, **texts)

    @classmethod
    def fields_of(cls, row: Row) -> dict[str, Any]:
        return {
            "sheet": row.cell.sheet[:100],
            "row": row.cell.row,
            "column": row.cell.column,
            "period": row.period,
            "value": row.value,
            "status": row.status,
            "text": row.text[:100],
            "source": row.source[: MOST_CHARACTERS["source"]],
            "vintage": row.vintage,
            "note": row.note[: MOST_CHARACTERS["note"]],
        }


class FindingQuerySet(models.QuerySet["SubmissionFinding"]):
    def open_first(self) -> "FindingQuerySet":
        """Errors, then warnings that nobody has explained, then the rest: for lists too long to be shown whole."""
        return self.order_by(SEVERITY_FIRST, models.Case(models.When(explanation="", then=0), default=1), "sheet", "row", "column", "pk")


SEVERITY_FIRST = models.Case(models.When(severity="error", then=0), models.When(severity="warning", then=1), default=2)


class SubmissionFinding(CellFields):
    """One thing a check found in a submission; `explanation` is what the bureau answers to a warning."""

    class Severity(models.TextChoices):
        ERROR = "error", _("Error")
        WARNING = "warning", _("Warning")
        NOTE = "note", pgettext_lazy("severity", "Note")  # elsewhere a note is a remark on a row

    submission = models.ForeignKey("indicators.Submission", models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity)
    message = models.CharField(max_length=400)
    params = models.JSONField(default=dict)
    indicator = models.CharField(max_length=20, blank=True)
    area = models.CharField(max_length=12, blank=True)
    explanation = models.CharField(max_length=500, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = [
            SEVERITY_FIRST,
            "sheet",
            "row",
            "column",
            "pk",
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.cell or ''}"

    @property
    def sentence(self) -> str:
        return gettext(self.message) % self.params

    @property
    def title(self) -> str:
        """What the rule is called; its code if it is no more."""
        return gettext(TITLES.get(self.rule, self.rule))

    @classmethod
    def fields_of(cls, finding: Finding, explanation: str = "") -> dict[str, Any]:
        cell = finding.cell or Cell("", 0, 0)
        return {
            "sheet": cell.sheet[:100],
            "row": cell.row,
            "column": cell.column,
            "rule": finding.rule,
            "severity": finding.severity,
            "message": finding.message,
            "params": {name: str(value) for name, value in finding.params.items()},
            "indicator": finding.indicator[:20],
            "area": finding.area[:12],
            "explanation": explanation[:500] if finding.severity == "warning" else "",
        }
