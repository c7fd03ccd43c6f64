"""The addresses of on-line consultations and of polls, within those of the topic."""

from django.urls import URLPattern, path

from torogoz.topics.consultation import moderation_views, online_result_views, online_views

urlpatterns: list[URLPattern] = [
    path("online/", online_views.index, name="online_index"),
    path("online/methods/", online_views.methods, name="online_methods"),
    path("online/<slug:code>/", online_views.start, name="online"),
    path("online/<slug:code>/begin/", online_views.begin, name="online_begin"),
    path("online/<slug:code>/code/", online_views.own_code, name="online_code"),
    path("online/<slug:code>/vote/", online_views.vote, name="online_vote"),
    path("online/<slug:code>/mine/", online_views.mine, name="online_mine"),
    path("online/<slug:code>/propose/", online_views.propose, name="online_propose"),
    path("online/<slug:code>/policy/", online_views.policy, name="online_policy"),
    path("online/<slug:code>/results/", online_result_views.online_results, name="online_results"),
    path("online/<slug:code>/results.<str:ending>", online_result_views.results_file, name="online_file"),
    path("online/<slug:code>/files/<str:name>.csv", online_result_views.polis_file, name="online_polis"),
    path("work/<uuid:key>/online/", moderation_views.open_online, name="online_open"),
    path("moderation/<uuid:key>/", moderation_views.desk, name="online_desk"),
    path("moderation/<uuid:key>/publish/", moderation_views.publish, name="online_publish"),
    path(
        "moderation/<uuid:key>/<uuid:statement>/<str:step>/",
        moderation_views.decide,
        name="online_decide",
    ),
]
