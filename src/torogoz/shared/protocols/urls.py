"""The addresses of the sharing protocol."""

from django.urls import path

from torogoz.shared.protocols import basis_views, draft_views, views

app_name = "protocols"
urlpatterns = [
    path("", views.index, name="index"),
    path("laws/", views.laws, name="laws"),
    path("bases/", basis_views.bases, name="bases"),
    path("bases/<uuid:key>/approve/", basis_views.approve, name="basis_approve"),
    path("bases/<uuid:key>/end/", basis_views.end, name="basis_end"),
    path("compare/", views.difference, name="difference"),
    path("new/", draft_views.new, name="new"),
    path("drafts/<uuid:key>/", draft_views.draft, name="draft"),
    path("drafts/<uuid:key>/end/", draft_views.end, name="end"),
    path("drafts/<uuid:key>/<slug:step>/", draft_views.step, name="step"),
    path("<int:number>/", views.version, name="version"),
    path("<int:number>/sign/", views.sign, name="sign"),
    path("<int:number>/annex/", views.issue, name="issue"),
    path("<int:number>/annex/<slug:language>/", views.annex, name="annex"),
    path("<int:number>/sheets/<uuid:key>/", views.sheet, name="sheet"),
]
