"""The page of published figures shows what does not add up, and keeps every figure."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db


def text_of(answer: bytes) -> str:
    """The words of a page, without its marks; the thin spaces of numbers are taken out."""
    plain = re.sub(r"<[^>]+>", " ", answer.decode())
    return re.sub(r"(?<=\d)[\u2009\u202f\xa0](?=\d)", "", re.sub(r"[ \n]+", " ", plain))


def test_the_page_finds_that_the_parts_of_2017_are_those_of_2016_and_keeps_both() -> None:
    call_command("headlines", verbosity=0)
    said = text_of(Client().get("/flows/HEADLINES/").content)
    assert "24004 (por aire) + 28934 (por tierra) 52938 26838 el total de 2016 (DGME, total anual)" in said
    assert "26838 (DGME, página de 2018) · 26837 (DGME, total anual) · 26828 (Prensa)" in said
    table = b"".join(Client().get("/flows/HEADLINES.csv"))
    for figure in (
        b",2017,26838,",
        b",2017,24004,",
        b",2017,28934,",
        b",2016,52938,",
        b",2016,52548,",
        b",2017,26828,",
    ):
        assert figure in table


def test_the_check_is_about_the_figures_that_were_asked_for() -> None:
    call_command("headlines", verbosity=0)
    page = text_of(Client().get("/flows/HEADLINES/?INDICATOR=REMITTANCES").content)
    assert "Totales distintos para lo mismo" in page
    assert "Partes que no suman su total" not in page
    assert "Lo que no cuadra" not in text_of(Client().get("/flows/HEADLINES/?INDICATOR=FOREIGN_BORN").content)
