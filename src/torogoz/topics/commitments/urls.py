"""The addresses of the topic `commitments`."""

from django.urls import URLPattern, path, re_path

from torogoz.topics.commitments import (
    catalogue_views,
    follow_up_urls,
    import_views,
    link_views,
    position_views,
    register_views,
    review_views,
    text_views,
    treaty_views,
    views,
)

app_name = "commitments"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("list/", views.catalogue, name="list"),
    path("repeated/", views.clusters, name="clusters"),
    path("provisions/<uuid:key>/", views.provision, name="provision"),
    path("positions/", position_views.positions, name="positions"),
    path("positions/import/", position_views.position_import, name="position_import"),
    path("positions/positions.csv", position_views.position_file, name="position_file"),
    path("positions/<int:number>/", position_views.position, name="position"),
    path("treaties/", treaty_views.treaties, name="treaties"),
    path("catalogue-codes.csv", catalogue_views.codes, name="codes"),
    re_path(r"^catalogue\.(?P<ending>csv|json|xlsx)$", catalogue_views.file, name="file"),
    path("register/imports/", import_views.imports, name="imports"),
    path("register/", register_views.register, name="register"),
    path("register/succession/", register_views.succession, name="succession"),
    path("register/suggestions/", link_views.suggestions, name="suggestions"),
    path("links/<uuid:key>/", link_views.judge, name="link_end"),
    path("responsibilities/<uuid:key>/", register_views.responsibility_end, name="responsibility_end"),
    path("provisions/<uuid:key>/links/", link_views.links, name="links"),
    path("provisions/<uuid:key>/responsibilities/", register_views.responsibilities, name="responsibilities"),
    path("provisions/<uuid:key>/wording/", text_views.wording, name="wording"),
    path(
        "provisions/<uuid:key>/wording/<slug:tongue>/<slug:role>/<int:version>/validate/",
        text_views.validate,
        name="validate",
    ),
    path("reviews/", review_views.reviews, name="reviews"),
    path("reviews/new/", review_views.new, name="review_new"),
    path("reviews/<uuid:key>/", review_views.review, name="review"),
    path("reviews/<uuid:key>/decide/", review_views.decide, name="review_decide"),
    path("reviews/<uuid:key>/review.<slug:ending>", review_views.file, name="review_file"),
    path("provisions/<uuid:key>/dossier.<slug:ending>", review_views.dossier, name="dossier"),
]
urlpatterns += follow_up_urls.urlpatterns
