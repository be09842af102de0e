from indicators.api.figures import FigureViewSet
from indicators.api.projects import ProjectViewSet
from indicators.api.submissions import SubmissionViewSet
from indicators.api.tasks import TaskViewSet

__all__ = ["FigureViewSet", "ProjectViewSet", "SubmissionViewSet", "TaskViewSet"]
