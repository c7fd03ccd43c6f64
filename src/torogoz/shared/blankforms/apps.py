"""Blank forms of the single form, for devices that fill them in without a connection."""

from django.apps import AppConfig


class BlankFormsConfig(AppConfig):
    name = "torogoz.shared.blankforms"
    label = "blankforms"
