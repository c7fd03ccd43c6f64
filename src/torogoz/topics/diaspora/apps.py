"""S15: what links the diaspora with the country."""

from django.apps import AppConfig


class DiasporaConfig(AppConfig):
    name = "torogoz.topics.diaspora"
    label = "diaspora"
