"""Work that is done later: one table, one worker."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "torogoz.shared.jobs"
    label = "jobs"
