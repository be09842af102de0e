from django.urls import path

from indicators import views

app_name = "indicators"
urlpatterns = [
    path("submissions/", views.submission_list, name="submission_list"),
    path("submissions/upload/", views.upload, name="upload"),
    path("submissions/rules/", views.rules, name="rules"),
    path("submissions/<int:pk>/", views.submission, name="submission"),
    path("submissions/<int:pk>/file/", views.original, name="original"),
    path("submissions/<int:pk>/<slug:move>/", views.act, name="act"),
]
