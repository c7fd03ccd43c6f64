"""Exports of persons: asked for with a purpose, as an archive under a password that is shown once."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "torogoz.shared.exports"
    label = "exports"
