"""Made-up practices for tests: what one says, and the officers of three institutions who work with it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client

from torogoz.domain.practices import TEXTS, Written
from torogoz.shared.institutions.models import Officer

BACKEND = "django.contrib.auth.backends.ModelBackend"
SECRET = "palabra-que-nadie-más-lee"  # stands in what only few may read


def says(**other: Any) -> Written:
    """A practice that lacks nothing. Everything in it is made up."""
    texts = {f"{field}_es": f"{field} inventado" for field in TEXTS}
    texts |= {f"{field}_en": f"made-up {field}" for field in TEXTS}
    texts |= other.pop("texts", {})
    held: dict[str, Any] = {
        "language": "es",
        "place": "Municipio inventado",
        "country": "SLV",
        "began_on": date(2020, 1, 1),
        "ended_on": date(2024, 12, 31),
        "organisations": ("Asociación inventada",),
        "objectives": ("7", "15"),
        "principles": ("people_centred",),
        "evidence": "Informe inventado, 2024",
        "cost_amount": Decimal("12500.00"),
        "cost_currency": "USD",
    }
    return Written(texts=texts, **(held | other))


def typed(**other: Any) -> dict[str, Any]:
    """The same as a form sends it."""
    held = says()
    form: dict[str, Any] = {
        **held.texts,
        "institution": "MINSAL",
        "language": "es",
        "place": held.place,
        "country": "SLV",
        "began_on": "2020-01-01",
        "ended_on": "2024-12-31",
        "organisations": "Asociación inventada",
        "objectives": ["7", "15"],
        "principles": ["people_centred"],
        "evidence": held.evidence,
        "cost_amount": "12500.00",
        "cost_currency": "USD",
    }
    return form | other


def entered(officer: Officer) -> Client:
    """A browser in which the officer has signed in."""
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client
