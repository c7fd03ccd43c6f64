"""Files that institutions hand in: checked under the schema assigned to them, kept row by row."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "torogoz.shared.submissions"
    label = "submissions"
