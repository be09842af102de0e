from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from indicators.models import ReportingForm
from indicators.periods import Period
from indicators.readers import MAX_BYTES


class UploadForm(forms.Form):
    """A file, and what it answers if the file itself does not say."""

    file = forms.FileField(label=_("File"), help_text=_("Excel workbook (.xlsx) or CSV, at most 20 MB."))
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
