"""The addresses of the topic `practices`."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.practices import (
    call_views,
    import_views,
    own_views,
    pledge_views,
    replication_views,
    review_views,
    secretariat_views,
    sheet_views,
    views,
)

app_name = "practices"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    re_path(r"^practices\.(?P<ending>csv|json)$", views.file, name="file"),
    path("criteria/", views.criteria, name="criteria"),
    path("mine/", own_views.mine, name="mine"),
    path("mine/new/", own_views.new, name="new"),
    path("mine/table/", import_views.table, name="table"),
    path("mine/<uuid:key>/", own_views.own, name="own"),
    path("mine/<uuid:key>/edit/", own_views.edit, name="edit"),
    path("mine/<uuid:key>/<slug:step>/", own_views.step, name="step"),
    path("reviews/", review_views.queue, name="reviews"),
    path("reviews/<uuid:key>/", review_views.review, name="review"),
    path("secretariat/", secretariat_views.desk, name="desk"),
    path("secretariat/<uuid:key>/", secretariat_views.handle, name="handle"),
    path("secretariat/<uuid:key>/<slug:step>/", secretariat_views.step, name="handle_step"),
    path("calls/", call_views.calls, name="calls"),
    path("calls/new/", call_views.new, name="new_call"),
    path("calls/<uuid:key>/", call_views.call, name="call"),
    path("pledges/", pledge_views.pledges, name="pledges"),
    path("pledges.csv", pledge_views.file, name="pledge_file"),
    path("pledges/new/", pledge_views.new, name="new_pledge"),
    path("pledges/<uuid:key>/", pledge_views.pledge, name="pledge"),
    path("pledges/<uuid:key>/<slug:step>/", pledge_views.step, name="pledge_step"),
    path("repetitions/<uuid:key>/", replication_views.report, name="report"),
    path("calls/<uuid:key>/sheet.<slug:ending>", sheet_views.call, name="call_sheet"),
    path("<uuid:key>/sheet.<slug:ending>", sheet_views.practice, name="sheet"),
    path("<uuid:key>/", views.practice, name="practice"),
    path("<uuid:key>/repeat/", replication_views.repeat, name="repeat"),
]
