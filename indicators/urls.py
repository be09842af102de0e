from django.urls import path

from indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.submission_list, name="submission_list"),
    path("upload/", views.upload, name="upload"),
    path("rules/", views.rules, name="rules"),
    path("<int:pk>/", views.submission, name="submission"),
    path("<int:pk>/file/", views.original, name="original"),
    path("<int:pk>/<slug:move>/", views.act, name="act"),
]
