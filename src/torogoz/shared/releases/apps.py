"""Frozen, de-identified data sets from which everything public is computed."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "torogoz.shared.releases"
    label = "releases"
