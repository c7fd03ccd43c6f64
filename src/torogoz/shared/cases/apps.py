"""What opens one person to those whom the protocol alone would not let in: consents, and glass that was broken."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "torogoz.shared.cases"
    label = "cases"
