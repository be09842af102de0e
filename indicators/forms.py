from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Bureau, User
from indicators import file_kinds
from indicators.models import Indicator, Project, ReportingForm
from indicators.periods import Period
from indicators.readers import MAX_BYTES
from indicators.register import ProjectRow, faults


class UploadForm(forms.Form):
    """A file, and what it answers if the file itself does not say."""

    file = forms.FileField(label=_("File"), help_text=_("Workbook (.xlsx, .xls, .ods) or CSV, at most 20 MB."))
    form = forms.ModelChoiceField(
        ReportingForm.objects.none(),
        required=False,
        label=_("Form"),
        empty_label=_("as the file says"),
        help_text=_("Only if the file does not name it."),
    )
    period = forms.CharField(
        required=False, max_length=20, label=_("Period"), help_text=_("Only if the file does not name it, for example 2018-Q3.")
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if user.bureau:
            self.fields["form"].queryset = user.bureau.forms.all()  # type: ignore[attr-defined]

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Split it, or save it without pictures and formats."))
        return file

    def clean_period(self) -> str:
        text = self.cleaned_data["period"].strip()
        try:
            return str(Period.parse(text)) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("Not a period. Write it like 2018, 2018-Q3 or 2018-M7.")) from error


class EvidenceForm(forms.Form):
    """A file to attach. What it is, is looked at when it is added."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPG, PNG, DOCX, XLSX or OFD, at most 10 MB, without macros."),
        widget=forms.FileInput(attrs={"accept": ",".join(file_kinds.KINDS)}),
    )


class FigureEvidenceForm(EvidenceForm):
    """A file and the figure or milestone of the task that it stands behind."""

    figure = forms.ChoiceField(label=_("Figure"))
    field_order = ("figure", "file")

    def __init__(self, *args: Any, figures: Sequence[tuple[Indicator, Area]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_area: dict[str, list[tuple[str, str]]] = {}
        for indicator, area in figures:
            by_area.setdefault(area.short, []).append((f"{indicator.code}/{area.code}", f"{indicator.code} {indicator.name}"))
        self.fields["figure"].choices = [("", "—"), *by_area.items()]  # type: ignore[attr-defined]


PROJECT_LABELS = {
    "code": _("Project code"),
    "name": _("Project"),
    "plant": _("Plant"),
    "indicator": _("Indicator"),
    "area": _("Area"),
    "capacity": _("Capacity"),
    "planned_on": _("Planned to be finished on"),
    "finished_on": _("Finished on"),
    "note": _("Note"),
    "struck_out": _("Struck out because"),
}


class ProjectForm(forms.Form):
    """A project of the register, entered or corrected by the own bureau; checked as in a file. `row` is what it says."""

    code = forms.CharField(max_length=30, help_text=_("It stays the same for ever, for example 2018-P-01."))
    name = forms.CharField(max_length=200)
    plant = forms.CharField(max_length=200)
    indicator = forms.ChoiceField()
    area = forms.ChoiceField()
    capacity = forms.DecimalField(max_digits=30, decimal_places=15, help_text=_("In the unit that stands behind the indicator."))
    planned_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    finished_on = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty while it is under way. From this day on it counts."),
    )
    note = forms.CharField(required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    row: ProjectRow

    def __init__(self, *args: Any, bureau: Bureau, project: Project | None = None, **kwargs: Any) -> None:
        first = project.row() if project else None
        initial = {name: _shown(getattr(first, name)) for name in PROJECT_LABELS if hasattr(first, name)}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.bureau, self.is_new = bureau, project is None
        for name, field in self.fields.items():
            field.label = PROJECT_LABELS[name]
        registered, areas = Indicator.objects.filter(registered=True), bureau.areas.all()
        named = [(one.code, f"{one.code} {one.name} ({one.unit})") for one in registered]
        self.fields["indicator"].choices = named if project else [("", "—"), *named]  # type: ignore[attr-defined]
        self.fields["area"].choices = [(one.code, f"{one.code} {one.short}") for one in areas]  # type: ignore[attr-defined]
        self.fields["code"].disabled = project is not None
        if project:
            self.fields["capacity"].help_text = gettext("In %(unit)s.") % {"unit": project.indicator.unit}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        self.row = ProjectRow(**data, bureau=self.bureau.code)
        facts = Project.objects.facts()
        if self.is_new and facts.owners.get(self.row.code) == self.bureau.code:
            self.add_error("code", gettext("%(code)s is in the register already. Choose another code.") % {"code": self.row.code})
        for name, message, params in faults(self.row, facts):
            self.add_error(name, gettext(message) % params)
        return data


def _shown(value: object) -> object:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


class RegisterForm(forms.Form):
    """A register as a file."""

    file = forms.FileField(label=_("File"), help_text=_("A workbook or CSV in the columns of the register, at most 20 MB."))

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Split it, or save it without pictures and formats."))
        return file
