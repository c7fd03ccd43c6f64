"""What States and institutions have agreed, provision by provision."""

from django.apps import AppConfig


class ProvisionsConfig(AppConfig):
    name = "torogoz.shared.provisions"
    label = "provisions"
