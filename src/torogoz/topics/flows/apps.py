"""S1: migration in numbers, for everyone."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "torogoz.topics.flows"
    label = "flows"
