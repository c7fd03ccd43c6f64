"""The record of who saw and did what, and on what basis."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "torogoz.shared.audit"
    label = "audit"
