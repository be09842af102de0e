from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("compliance/", views.compliance, name="compliance"),
    path("<slug:kind>.<slug:ending>", views.export, name="export"),
]
