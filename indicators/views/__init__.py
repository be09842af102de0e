from indicators.views.burden import burden
from indicators.views.evidence import add_evidence, add_project_evidence, evidence, withdraw_evidence
from indicators.views.grid import grid, grid_cells, grid_check, grid_send
from indicators.views.projects import project, project_file, project_list, project_new, project_upload, strike_project
from indicators.views.submissions import act, original, rules, submission, submission_list, upload
from indicators.views.tasks import ask_extension, decide_extension, extension_list, home, task, task_list
from indicators.views.workbooks import carried, findings_file, returned, template

__all__ = [
    "act",
    "add_evidence",
    "add_project_evidence",
    "ask_extension",
    "burden",
    "carried",
    "decide_extension",
    "evidence",
    "extension_list",
    "findings_file",
    "grid",
    "grid_cells",
    "grid_check",
    "grid_send",
    "home",
    "original",
    "project",
    "project_file",
    "project_list",
    "project_new",
    "project_upload",
    "returned",
    "rules",
    "strike_project",
    "submission",
    "submission_list",
    "task",
    "task_list",
    "template",
    "upload",
    "withdraw_evidence",
]
