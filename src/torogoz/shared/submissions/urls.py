"""The addresses of what institutions hand in."""

from django.urls import path

from torogoz.shared.submissions import views

app_name = "submissions"
urlpatterns = [
    path("", views.index, name="index"),
    path("schemas/<slug:name>/", views.schema, name="schema"),
    path("<uuid:key>/", views.report, name="report"),
    path("<uuid:key>/report.csv", views.report_csv, name="report_csv"),
    path("<uuid:key>/adopt/", views.adopt, name="adopt"),
]
