"""The made-up practices, calls, pledges and positions of the demonstration: each state, called made up, added once."""

import csv
import hashlib
import io
import re
import zipfile
from collections import Counter

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions import protocol
from torogoz.shared.institutions import shipped as institutions
from torogoz.shared.places import actions as places
from torogoz.shared.provisions import shipped
from torogoz.site.demonstration.loading import load_country
from torogoz.site.demonstration.practices import load_practices
from torogoz.topics.practices.call_models import Call, Pledge
from torogoz.topics.practices.models import Practice, Review

pytestmark = pytest.mark.django_db


def read(address: str) -> str:
    return Client().get(address).content.decode()


def said(docx: bytes) -> str:
    """The words of a file, those of its title page, tables and foot too."""
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        found = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    return re.sub("<[^>]+>", "", " ".join(found))


def test_the_made_up_practices_have_each_state_a_conflict_and_ratios_and_say_that_they_are_made_up() -> None:
    cache.clear()
    now = timezone.now()
    codelists.load()
    places.load()
    institutions.load()
    protocol.load()
    shipped.load(now=now)
    load_country(now=now, people=1, progress=False)
    assert load_practices(now=now) is True
    assert load_practices(now=now) is False
    states = Counter(Practice.objects.values_list("state", flat=True))
    assert states == {"published": 1, "in_review": 1, "submitted": 1, "sent_back": 1, "draft": 1}
    assert Counter(Review.objects.values_list("state", flat=True)) == {"given": 3, "in_conflict": 1, "reading": 1}
    assert Counter(Pledge.objects.values_list("kind", flat=True)) == {"own": 2, "matching": 2, "joint": 1}
    assert not Practice.objects.filter(made_up=False).exists()
    assert "inventada" in read("/practices/")
    assert "Promesas inventadas." in read("/practices/pledges/")
    opened = Call.objects.order_by("-open_until")[0]
    page = read(f"/practices/calls/{opened.key}/")
    assert "Proporción 1 : 2" in page
    assert f'<li aria-current="page">{opened.title_en}</li>' in read(f"/practices/calls/{opened.key}/?lang=en")
    assert "No dijo en qué proporción se suma" in page
    table = b"".join(Client().get("/practices/pledges.csv?kind=matching")).decode()
    owed = [one["obliged_by_reached"] for one in csv.DictReader(io.StringIO(table))]
    assert sorted(owed) == ["", "4500"]
    for address in (f"/practices/calls/{opened.key}/", f"/practices/{Practice.objects.get(state='published').key}/"):
        content = b"".join(Client().get(f"{address}sheet.json"))
        for ending in ("docx", "pdf"):
            for tongue in ("es", "en"):
                asked = f"{address}sheet.{ending}?lang={tongue}"
                made = b"".join(Client().get(asked))
                cache.clear()
                assert b"".join(Client().get(asked)) == made, asked
        words = said(b"".join(Client().get(f"{address}sheet.docx?lang=en")))
        assert hashlib.sha256(content).hexdigest() in words
        assert "Made up for the demonstration" in words
        assert "Enlace institucional" not in words
    scores = [word for word in ("wholly", "mostly", "partly") if word in read(f"{address}?lang=en")]
    assert scores
    assert [word for word in scores if word not in words] == []
    assert Client().get(f"{address}sheet.txt").status_code == 404
    matrix = read("/commitments/positions/")
    assert all(f"País inventado {letter}" in matrix for letter in "ABC")
    assert "Hay posiciones inventadas." in matrix
    assert "Made-up country B" in read("/commitments/positions/7/?lang=en")
