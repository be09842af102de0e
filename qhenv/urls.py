from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.routers import DefaultRouter

from indicators.api import FigureViewSet, ProjectViewSet, SubmissionViewSet, TaskViewSet
from qhenv.health import alive, ready
from targets.api import AssessmentViewSet, OutlookViewSet, TargetViewSet
from targets.views import overview

router = DefaultRouter()
router.trailing_slash = "/?"  # with or without the last slash
router.include_root_view = False
router.register("submissions", SubmissionViewSet, basename="submission")
router.register("projects", ProjectViewSet, basename="api-project")
router.register("figures", FigureViewSet, basename="figure")
router.register("tasks", TaskViewSet, basename="task")
router.register("targets", TargetViewSet, basename="api-target")
router.register("assessments", AssessmentViewSet, basename="assessment")
router.register("outlooks", OutlookViewSet, basename="outlook")

handler404 = "qhenv.errors.not_found"
handler500 = "qhenv.errors.failed"

urlpatterns = [
    path("", overview, name="overview"),
    path("", include("targets.urls")),
    path("", include("indicators.urls")),
    path("jobs/", include("jobs.urls")),
    path("reports/", include("reports.urls")),
    path("login/", LoginView.as_view(template_name="accounts/login.html", redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("styleguide/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(router.urls)),
    re_path(r"^api/v1/token/?$", obtain_auth_token, name="token"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
]
