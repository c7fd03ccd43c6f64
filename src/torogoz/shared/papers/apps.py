"""Sheets of paper that were issued: sealed, and known again when somebody brings one."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "torogoz.shared.papers"
    label = "papers"
