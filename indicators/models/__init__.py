from indicators.models.calendar_day import CalendarDay
from indicators.models.draft import Draft
from indicators.models.entry import Entry, SubmissionFinding
from indicators.models.evidence import Evidence
from indicators.models.form import FormItem, ReportingForm
from indicators.models.indicator import Indicator, Sector
from indicators.models.observation import Observation
from indicators.models.project import Project
from indicators.models.submission import Submission
from indicators.models.task import Extension, ReportingTask
from indicators.models.upload import Upload

__all__ = [
    "CalendarDay",
    "Draft",
    "Entry",
    "Evidence",
    "Extension",
    "FormItem",
    "Indicator",
    "Observation",
    "Project",
    "ReportingForm",
    "ReportingTask",
    "Sector",
    "Submission",
    "SubmissionFinding",
    "Upload",
]
