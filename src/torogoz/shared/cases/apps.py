"""What opens one person to those whom the protocol alone would not let in: consents, and glass that was broken."""

from importlib import import_module

from django.apps import AppConfig

from torogoz.domain.printed import Sheet
from torogoz.shared.papers.standing import tell


class CasesConfig(AppConfig):
    name = "torogoz.shared.cases"
    label = "cases"

    def ready(self) -> None:
        """Tell those who check a sheet whether its consent or hand-over still holds."""
        sheets = import_module("torogoz.shared.cases.sheets")  # models are there only once every app has started
        tell(Sheet.CONSENT, sheets.consent_stands)
        tell(Sheet.REFERRAL, sheets.handover_stands)
