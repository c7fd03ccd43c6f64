"""Devices that fill in the single form without a connection, and what they send."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "torogoz.shared.devices"
    label = "devices"
