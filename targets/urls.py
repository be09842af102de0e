from django.urls import path

from targets import views

app_name = "targets"
urlpatterns = [
    path("targets/", views.target_list, name="target_list"),
    path("targets/<slug:code>/", views.target, name="target"),
    path("targets/<slug:code>/charts/trajectory.json", views.trajectory, name="trajectory"),
    path("targets/<slug:code>/charts/gap.json", views.target_gaps, name="target_gaps"),
    path("targets/<slug:code>/charts/attribution.json", views.attribution, name="attribution"),
    path("areas/", views.area_list, name="area_list"),
    path("areas/<slug:code>/", views.area, name="area"),
    path("areas/<slug:code>/charts/gap.json", views.area_gaps, name="area_gaps"),
    path("sectors/", views.sector_list, name="sector_list"),
    path("sectors/<slug:code>/", views.sector, name="sector"),
    path("sectors/<slug:code>/charts/gap.json", views.sector_gaps, name="sector_gaps"),
    path("charts/status.json", views.status_counts, name="status_counts"),
    path("arithmetic/", views.arithmetic, name="arithmetic"),
    path("standing/", views.own_standing, name="own_standing"),
    path("figures/<slug:indicator>/<slug:area>/", views.figure_history, name="figure_history"),
]
