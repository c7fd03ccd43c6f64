"""Watching over the record of accesses: is it whole, and what in it is unusual."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "torogoz.shared.oversight"
    label = "oversight"
