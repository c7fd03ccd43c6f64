"""The log of what was said of each observation, and from when."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "torogoz.shared.observations"
    label = "observations"
