"""Indicators: what is given of the sixty-two, computed from releases and from the vintages in use."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "torogoz.shared.indicators"
    label = "indicators"
