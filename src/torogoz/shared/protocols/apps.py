"""The sharing protocol in dated versions: proposed by one officer, approved by another, signed, kept as issued."""

from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "torogoz.shared.protocols"
    label = "protocols"
