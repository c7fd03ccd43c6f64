"""The URL map: what is shared, then one prefix per topic that works."""

from django.urls import URLPattern, URLResolver, include, path

from torogoz.shared.ui.views import choose_language
from torogoz.site import about, views
from torogoz.site.topics import WORKING_TOPICS

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("about/", about.about, name="about"),
    path("language/", choose_language, name="set_language"),
    path("sources/", include("torogoz.shared.sources.urls")),
    path("releases/", include("torogoz.shared.releases.urls")),
    path("submissions/", include("torogoz.shared.submissions.urls")),
    path("sdmx/", include("torogoz.shared.sdmx.urls")),
    path("", include("torogoz.shared.institutions.urls")),
    path("cases/", include("torogoz.shared.cases.urls")),
    path("households/", include("torogoz.shared.households.urls")),
    path("people/", include("torogoz.shared.people.urls")),
    path("data-rights/", include("torogoz.shared.data_rights.urls")),
    path("protocols/", include("torogoz.shared.protocols.urls")),
    path("papers/", include("torogoz.shared.papers.urls")),
    path("keys/", include("torogoz.shared.vault.urls")),
    path("attachments/", include("torogoz.shared.attachments.urls")),
    path("exports/", include("torogoz.shared.exports.urls")),
    path("forms/", include("torogoz.shared.blankforms.urls")),
    path("devices/", include("torogoz.shared.devices.urls")),
    path("audit/", include("torogoz.shared.audit.urls")),
    path("oversight/", include("torogoz.shared.oversight.urls")),
    path("indicators/", include("torogoz.topics.flows.indicator_urls")),
    *(path(f"{topic.noun}/", include(f"{topic.app}.urls")) for topic in WORKING_TOPICS),
]

handler404 = "torogoz.shared.audit.reading.nowhere"
