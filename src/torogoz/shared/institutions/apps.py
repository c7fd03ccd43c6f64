"""Institutions, their offices and officers, and the policy of who may see what."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "torogoz.shared.institutions"
    label = "institutions"
