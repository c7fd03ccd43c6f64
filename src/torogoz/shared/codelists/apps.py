"""Code lists in both languages, with dates and sources."""

from django.apps import AppConfig


class CodelistsConfig(AppConfig):
    name = "torogoz.shared.codelists"
    label = "codelists"
