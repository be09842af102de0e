from django.urls import path

from indicators import views

app_name = "indicators"
urlpatterns = [
    path("home/", views.home, name="home"),
    path("tasks/", views.task_list, name="task_list"),
    path("tasks/<int:pk>/", views.task, name="task"),
    path("tasks/<int:pk>/extension/", views.ask_extension, name="ask_extension"),
    path("extensions/", views.extension_list, name="extension_list"),
    path("extensions/<int:pk>/<slug:answer>/", views.decide_extension, name="decide_extension"),
    path("tasks/<int:pk>/template.xlsx", views.template, name="template"),
    path("tasks/<int:pk>/grid/", views.grid, name="grid"),
    path("tasks/<int:pk>/grid/cells", views.grid_cells, name="grid_cells"),
    path("tasks/<int:pk>/grid/check", views.grid_check, name="grid_check"),
    path("tasks/<int:pk>/grid/send", views.grid_send, name="grid_send"),
    path("tasks/<int:pk>/evidence/", views.add_evidence, name="add_evidence"),
    path("evidence/<int:pk>/", views.evidence, name="evidence"),
    path("evidence/<int:pk>/withdraw/", views.withdraw_evidence, name="withdraw_evidence"),
    path("projects/", views.project_list, name="project_list"),
    path("projects/new/", views.project_new, name="project_new"),
    path("projects/upload/", views.project_upload, name="project_upload"),
    path("projects/register.<slug:ending>", views.project_file, name="project_file"),
    path("projects/<int:pk>/", views.project, name="project"),
    path("projects/<int:pk>/strike/", views.strike_project, name="strike_project"),
    path("projects/<int:pk>/evidence/", views.add_project_evidence, name="add_project_evidence"),
    path("tasks/burden/", views.burden, name="burden"),
    path("submissions/", views.submission_list, name="submission_list"),
    path("submissions/upload/", views.upload, name="upload"),
    path("submissions/rules/", views.rules, name="rules"),
    path("submissions/<int:pk>/", views.submission, name="submission"),
    path("submissions/<int:pk>/file/", views.original, name="original"),
    path("submissions/<int:pk>/returned.xlsx", views.returned, name="returned"),
    path("submissions/<int:pk>/carried.xlsx", views.carried, name="carried"),
    path("submissions/<int:pk>/findings.csv", views.findings_file, name="findings_file"),
    path("submissions/<int:pk>/<slug:move>/", views.act, name="act"),
]
