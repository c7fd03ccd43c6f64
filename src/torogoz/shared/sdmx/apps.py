"""The SDMX service: structures, availability and data for programs."""

from django.apps import AppConfig


class SdmxConfig(AppConfig):
    name = "torogoz.shared.sdmx"
    label = "sdmx"
