"""The register of outside data: publisher, vintage, licence, checksum."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "torogoz.shared.sources"
    label = "sources"
