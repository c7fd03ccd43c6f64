"""The addresses of blank forms."""

from django.urls import path, register_converter

from torogoz.shared.blankforms import views


class FormEnding:
    """The ending of a form's file."""

    regex = "|".join(views.WRITERS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormEnding, "form_ending")

app_name = "blankforms"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>.<form_ending:ending>", views.file, name="file"),
]
