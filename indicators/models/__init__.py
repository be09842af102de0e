from indicators.models.entry import Entry, SubmissionFinding
from indicators.models.form import FormItem, ReportingForm
from indicators.models.indicator import Indicator, Sector
from indicators.models.observation import Observation
from indicators.models.submission import Submission
from indicators.models.upload import Upload

__all__ = ["Entry", "FormItem", "Indicator", "Observation", "ReportingForm", "Sector", "Submission", "SubmissionFinding", "Upload"]
