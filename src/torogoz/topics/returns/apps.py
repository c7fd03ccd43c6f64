"""S8: the reception of returned persons."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "torogoz.topics.returns"
    label = "returns"
    kept_of_persons = "torogoz.topics.returns.kept"
