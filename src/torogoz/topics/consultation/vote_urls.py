"""The addresses of votes of seats, within those of the topic."""

from django.urls import URLPattern, path

from torogoz.topics.consultation import vote_result_views, vote_views

urlpatterns: list[URLPattern] = [
    path("work/<uuid:key>/votes/", vote_views.votes, name="votes"),
    path("work/<uuid:key>/votes/new/<str:kind>/", vote_views.new_vote, name="new_vote"),
    path("votes/<uuid:key>/", vote_views.vote, name="vote"),
    path("votes/<uuid:key>/results/", vote_result_views.vote_results, name="vote_results"),
    path("votes/<uuid:key>/results.<str:ending>", vote_result_views.vote_file, name="vote_file"),
    path("votes/<uuid:key>/receipt/", vote_result_views.vote_receipt, name="vote_receipt"),
    path("processes/<slug:code>/votes/", vote_result_views.public_votes, name="public_votes"),
]
