"""What every page is made of: base page, components, style."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "torogoz.shared.ui"
    label = "ui"
