"""The catalogue goes out and comes back byte for byte; files that come in are looked at first and stored whole."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.world import World
from torogoz.domain.catalogue import COLUMNS, NAMES
from torogoz.exchange.readers.commitments import read_catalogue
from torogoz.exchange.readers.rows import RowRefused
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.provisions import queries, shipped
from torogoz.shared.provisions.actions import end_link
from torogoz.shared.provisions.imports import Outcome
from torogoz.shared.provisions.models import (
    CountryStatus,
    Instrument,
    Link,
    Provision,
    ProvisionText,
    Recommendation,
)
from torogoz.topics.commitments.import_actions import import_catalogue

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
BACKEND = "django.contrib.auth.backends.ModelBackend"
WHY = "porque así lo pide la prueba"
UPR = "To,To-Rgrp,To-Org,Text,From,From-Rgrp,From-Org,Response,Action,Issue,Session"
IMPORTS = "/commitments/register/imports/"


@pytest.fixture
def country(world: World) -> World:
    cache.clear()
    codelists.load()
    shipped.load(now=NOW)
    return world


def catalogue(language: str = "es") -> bytes:
    answer = Client().get(f"/commitments/catalogue.csv?lang={language}")
    return b"".join(answer)  # type: ignore[arg-type]


def brought(world: World, content: bytes, *, store: bool = True) -> Outcome:
    instrument = queries.instrument_called("position-2017")
    assert instrument is not None
    return import_catalogue(
        by=world.officers["secretariat"],
        instrument=instrument,
        rows=read_catalogue(content),
        why=WHY,
        store=store,
        now=NOW,
    )


def signed_in(world: World, username: str = "secretariat") -> Client:
    client = Client()
    client.force_login(world.officers[username], backend=BACKEND)
    return client


def sent(client: Client, content: bytes, kind: str, step: str, instrument: str = "position-2017") -> str:
    file = SimpleUploadedFile("archivo.csv", content)
    typed = {"kind": kind, "instrument": instrument, "why": WHY, "step": step, "file": file}
    return client.post(IMPORTS, typed).content.decode()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_catalogue_goes_out_and_comes_back_byte_for_byte(country: World, language: str) -> None:
    out = catalogue(language)
    assert out.decode().split("\r\n")[0] == ",".join(column.name(language) for column in COLUMNS)
    assert out.count(b"\r\n") == 196
    before = queries.state()
    outcome = brought(country, out)
    assert outcome.nothing
    assert outcome.same == 195
    assert queries.state() == before
    assert catalogue(language) == out


def test_what_officers_wrote_also_comes_back_byte_for_byte(country: World) -> None:
    content = catalogue().decode()
    line = next(line for line in content.split("\r\n") if line.startswith("C1.02,"))
    changed = line.replace(line.split(",")[5], '"=Una redacción, con «comas» y\nlínea nueva"', 1)
    assert not brought(country, content.replace(line, changed).encode()).nothing
    out = catalogue()
    assert '"\'=Una redacción, con «comas» y\nlínea nueva"'.encode() in out
    assert brought(country, out).nothing
    assert catalogue() == out
    text = ProvisionText.objects.get(provision__code="C1.02", language="es", version=2)
    assert (text.text, text.why, text.written_by) == (
        "=Una redacción, con «comas» y\nlínea nueva",
        WHY,
        country.officers["secretariat"],
    )


def edited(content: bytes, which: str, /, **cells: str) -> bytes:
    """The catalogue with some cells of one row replaced."""
    rows = [{"code": row.code, **row.cells} for row in read_catalogue(content)]
    for row in rows:
        if row["code"] == which:
            row.update(cells)
    lines = [",".join(NAMES)] + [",".join('"' + row[name].replace('"', '""') + '"' for name in NAMES) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode()


def test_a_changed_catalogue_changes_wordings_links_and_lists_in_the_name_of_who_brought_it(country: World) -> None:
    content = edited(
        catalogue(), "C1.02", text_en="Other words.", objectives="4", actors="media iom", articles="icrmw:73"
    )
    looked = brought(country, content, store=False)
    assert {each.column for each in looked.changed} == {"text_en", "objectives", "actors", "articles"}
    assert not ProvisionText.objects.filter(version=2).exists()
    assert not Link.objects.filter(ended_at__isnull=False).exists()
    brought(country, content)
    provision = Provision.objects.get(code="C1.02")
    assert (provision.actors, provision.version) == (["media", "iom"], 2)
    link = Link.objects.get(source=provision, target__instrument__code="gcm", ended_at__isnull=True)
    assert (link.target.code, link.origin, link.confirmed_by) == ("4", "confirmed", country.officers["secretariat"])
    assert queries.commitments_by_objective()["4"] == 1
    kept = Link.objects.get(source=provision, target__code="73", target__instrument__code="icrmw")
    assert (kept.origin, kept.ended_at) == ("proposed", None)
    shipped.load(now=NOW)
    assert brought(country, edited(catalogue(), "C1.02")).nothing


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"actors": "all-states nobody"}, "actors"),
        ({"objectives": "24"}, "objectives"),
        ({"articles": "icrmw:999"}, "articles"),
        ({"kind": "wish"}, "kind"),
        ({"section": "T9"}, "section"),
        ({"system": "S18"}, "system"),
        ({"text_es": ""}, "text_es"),
        ({"flags": "priority"}, "flags"),
        ({"lines": "1-2"}, "lines"),
        ({"code": "C1.03"}, "code"),
    ],
)
def test_a_wrong_row_changes_nothing_and_is_named(country: World, cells: dict[str, str], column: str) -> None:
    before = queries.state()
    content = edited(edited(catalogue(), "C1.01", text_en="Other words."), "C1.02", **cells)
    place = next(row.line for row in read_catalogue(catalogue()) if row.code == "C1.02")
    place += column == "code"
    with pytest.raises(RowRefused) as refused:
        brought(country, content)
    assert (refused.value.line, refused.value.column) == (place, column)
    assert queries.state() == before


def test_a_new_row_becomes_a_provision_and_needs_its_words(country: World) -> None:
    new = "código,clase,sección,texto_es,texto_en,objetivos\r\nX.01,commitment,T1,Una cosa nueva.,A new thing.,14\r\n"
    brought(country, new.encode())
    assert queries.commitments_by_objective()["14"] == 1
    assert Provision.objects.get(code="X.01").parent == Provision.objects.get(code="T1")
    with pytest.raises(RowRefused, match="column text_en: a new provision needs it"):
        brought(country, b"code,kind,text_es,text_en\r\nX.02,commitment,Otra,\r\n")


def test_the_page_looks_first_and_stores_only_the_file_that_was_looked_at(country: World) -> None:
    client, content = signed_in(country), edited(catalogue(), "C1.02", text_en="Other words.")
    assert "Revise primero este mismo archivo" in sent(client, content, "catalogue", "store")
    assert "Lo que cambiaría" in sent(client, content, "catalogue", "look")
    other = edited(catalogue(), "C1.03", text_en="Words of another file.")
    assert "Revise primero este mismo archivo" in sent(client, other, "catalogue", "store")
    assert not ProvisionText.objects.filter(version=2).exists()
    assert "Lo que se guardó" in sent(client, content, "catalogue", "store")
    assert ProvisionText.objects.get(version=2).text == "Other words."
    assert AccessEvent.objects.filter(what="register", verb="edit").get().officer == "secretariat"
    wrong = edited(catalogue(), "C1.02", kind="wish")
    assert "columna kind: «wish» no está en la lista. No se guardó nada" in sent(client, wrong, "catalogue", "look")


def test_the_other_files_of_the_catalogue_carry_their_dictionary(country: World) -> None:
    whole = json.loads(b"".join(Client().get("/commitments/catalogue.json")))  # type: ignore[arg-type]
    assert [column["name"] for column in whole["columns"]] == list(NAMES)
    assert len(whole["provisions"]) == 195
    assert whole["provisions"][0]["actors"] == ["all-states", "united-nations"]
    book = b"".join(Client().get("/commitments/catalogue.xlsx"))  # type: ignore[arg-type]
    names = zipfile.ZipFile(io.BytesIO(book)).read("xl/workbook.xml").decode()
    assert 'name="data"' in names
    assert 'name="dictionary"' in names
    assert 'name="codes"' in names
    assert any(one["code"] == "all-states" and one["name"]["es"] and one["name"]["en"] for one in whole["codes"])
    told = b"".join(Client().get("/commitments/catalogue-codes.csv")).decode()  # type: ignore[arg-type]
    meant = {(row["column"], row["code"]): row for row in csv.DictReader(io.StringIO(told))}
    used = {(column, code) for row in whole["provisions"] for column in ("actors", "flags") for code in row[column]}
    assert used <= meant.keys(), "every code that stands in the file is explained"
    assert all(row["name_es"] and row["name_en"] for row in meant.values())
    assert meant["system", "S3"]["name_es"] == "Compromisos"
    assert b"".join(Client().get("/commitments/catalogue.xlsx")) == book  # type: ignore[arg-type]
    assert Client().get("/commitments/catalogue.csv?instrument=none").status_code == 404


def recommendations(*rows: str) -> bytes:
    return "\r".join([UPR, *rows]).encode("mac_roman")


def recommended(text: str, answer: str = "Accepted") -> str:
    return f'El Salvador,GRULAC,"OAS, OEI",{text},España,WEOG,EU,{answer},4,"Migrants,Labour",7'


def test_a_file_without_a_recommendation_to_the_country_says_which_countries_it_holds(country: World) -> None:
    client = signed_in(country, "secretariat")
    other = recommendations(recommended("Proteja").replace("El Salvador", "Chad"))
    page = sent(client, other, "recommendations", "look")
    assert "no tiene ninguna fila de El Salvador; tiene de: Chad (1)" in page


def test_a_file_that_is_not_there_is_told_in_words(country: World, tmp_path: Path) -> None:
    for what in ("bodies", "recommendations"):
        with pytest.raises(CommandError, match="cannot be read: No such file or directory; nothing") as refused:
            call_command("provisions", what, str(tmp_path / "none.csv"), "--by", "secretariat")
        assert "Errno" not in str(refused.value)


def test_recommendations_come_in_once_and_what_the_state_answered_can_change(country: World) -> None:
    client = signed_in(country)
    first = recommendations(recommended("Proteja la migración"), recommended("Otra cosa", "Noted"))
    assert "<strong>2</strong> nuevas" in sent(client, first, "recommendations", "look")
    assert not Recommendation.objects.exists()
    sent(client, first, "recommendations", "store")
    assert "Nada: el archivo dice lo que ya está guardado." in sent(client, first, "recommendations", "look")
    later = recommendations(recommended("Otra cosa", "Accepted"))
    sent(client, later, "recommendations", "look")
    sent(client, later, "recommendations", "store")
    assert Recommendation.objects.count() == 2
    assert set(Recommendation.objects.values_list("answer", flat=True)) == {"accepted"}
    filters = "instrument=upr-slv-7&answer=accepted&actor=&beneficiary=&theme="  # as the form of the position sends it
    listed = Client().get(f"/commitments/list/?{filters}").content.decode()
    assert "2 disposiciones" in listed
    assert "Proteja la migración" in listed
    one = Provision.objects.get(texts__text="Otra cosa")
    page = Client().get(f"/commitments/provisions/{one.key}/").content.decode()
    assert "Migrants, Labour" in page
    assert "España" in page


def observed(*rows: str) -> bytes:
    header = "body,document,date,paragraph,text_es,text_en,themes,targets,id"
    return "\n".join([header, *rows]).encode()


def test_recommendations_of_treaty_bodies_come_in_once_with_what_their_source_says(country: World) -> None:
    client = signed_in(country)
    rows = (
        'CMW,CMW/C/SLV/CO/99,2025-03-01,24,Lleve un registro inventado.,,"Trata; Salud, educación",10.7; 99.9,a1',
        "CEDAW,CEDAW/C/SLV/CO/98,,7,,Protect them.,,,b2",
    )
    assert "<strong>2</strong> nuevas" in sent(client, observed(*rows), "bodies", "look")
    assert not Recommendation.objects.exists()
    sent(client, observed(*rows), "bodies", "store")
    before = queries.state()
    assert "Nada: el archivo dice lo que ya está guardado." in sent(client, observed(*rows), "bodies", "look")
    sent(client, observed(*rows), "bodies", "store")
    assert queries.state() == before
    one = Provision.objects.get(recommendation__mechanism="CMW")
    assert ProvisionText.objects.get(provision=one).origin == "archivo.csv, line 2, annotation a1"
    page = Client().get(f"/commitments/provisions/{one.key}/").content.decode()
    for said in ("Comité de Protección", "CMW/C/SLV/CO/99", "<dd>24</dd>", "2025-03-01", "Trata, Salud, educación"):
        assert said in page
    assert "Respuesta del Estado" not in page


def test_targets_that_a_source_names_are_proposals_and_one_that_was_ended_is_not_proposed_again(country: World) -> None:
    client, officer = signed_in(country), country.officers["secretariat"]
    content = observed("CMW,CMW/C/SLV/CO/99,,24,Lleve un registro inventado.,,,10.7; 99.9,a1")
    for step in ("look", "store"):
        sent(client, content, "bodies", step)
    link = Link.objects.get(source__recommendation__mechanism="CMW")
    assert (link.target.code, link.origin, link.confirmed_by) == ("10.7", "proposed", None)
    end_link(by=officer, ended=link, why="no trata de eso, según la prueba", now=NOW)
    later = content.replace(b",,24,", b",,25,")
    for step in ("look", "store"):
        sent(client, later, "bodies", step)
    assert Recommendation.objects.get().paragraph == "25"
    assert Link.objects.filter(source=link.source).count() == 1


def test_looking_at_a_file_that_is_stored_asks_as_often_for_many_rows_as_for_few(country: World) -> None:
    client = signed_in(country)
    rows = [f"CMW,CMW/C/SLV/CO/99,,{number},Texto inventado {number}.,,,10.7; 10.2,a{number}" for number in range(8)]
    sent(client, observed(*rows), "bodies", "look")
    sent(client, observed(*rows), "bodies", "store")
    assert Link.objects.filter(source__recommendation__mechanism="CMW").count() == 16
    asked = []
    for some in (rows[:2], rows):
        with CaptureQueriesContext(connection) as queried:
            assert "Nada: el archivo dice" in sent(client, observed(*some), "bodies", "look")
        asked.append(len(queried))
    assert asked[0] == asked[1]


def test_words_that_the_source_changes_become_a_new_version_and_the_old_ones_stay(country: World) -> None:
    client = signed_in(country)
    first = observed("CRC,CRC/C/SLV/CO/99,,7,Una redacción.,,,,c3")
    later = observed("CRC,CRC/C/SLV/CO/99,,7,Otra redacción.,Another wording.,,,c3")
    for content in (first, later):
        for step in ("look", "store"):
            sent(client, content, "bodies", step)
    versions = ProvisionText.objects.filter(provision__recommendation__mechanism="CRC").order_by("language", "version")
    assert [(each.language, each.version, each.text) for each in versions] == [
        ("en", 1, "Another wording."),
        ("es", 1, "Una redacción."),
        ("es", 2, "Otra redacción."),
    ]


def test_recommendations_are_found_by_who_makes_them_beside_the_treaty_and_as_a_catalogue(country: World) -> None:
    client = signed_in(country)
    bodies = observed(
        "CMW,CMW/C/SLV/CO/99,2025-03-01,24,Lleve un registro inventado.,,,,a1",
        "CMW,CMW/C/SLV/CO/98,2019-03-01,9,Un registro más viejo.,,,,a2",
        "CEDAW,CEDAW/C/SLV/CO/98,,7,,Protect them.,,,b2",
    )
    for kind, content in (("bodies", bodies), ("recommendations", recommendations(recommended("Proteja")))):
        for step in ("look", "store"):
            sent(client, content, kind, step)
    listed = Client().get("/commitments/list/?mechanism=CMW&q=registro").content.decode()
    assert "2 disposiciones" in listed
    assert "CMW/C/SLV/CO/98, <time>2019-03-01</time>" in listed
    assert "Protect them" not in listed
    others = Client().get("/commitments/list/?mechanism=CEDAW").content.decode()
    assert '<span lang="en">Protect them.</span> <span class="small quiet">(solo está en inglés)</span>' in others
    assert "in English only" not in Client().get("/commitments/list/?mechanism=CEDAW&lang=en").content.decode()
    assert "4 disposiciones" in Client().get("/commitments/list/?mechanism=all").content.decode()
    assert "1 disposición" in Client().get("/commitments/list/?mechanism=all&answer=accepted").content.decode()
    assert Client().get("/commitments/list/?mechanism=WTO").status_code == 400
    assert Client().get("/commitments/list/?mechanism=CMW&instrument=position-2017").status_code == 400
    treaties = Client().get("/commitments/treaties/").content.decode()
    assert "CMW: 2</a>" in treaties
    assert "CAT: ninguna cargada" in treaties
    labels = re.findall(r'data-label="([^"]+)">(?:<span class="small"></span>)?</td>', treaties)
    assert labels == [], "what is not known is said"
    assert treaties.count("ninguna tabla importada") >= 1
    out = b"".join(Client().get("/commitments/catalogue.csv?instrument=cmw-c-slv-co-99"))  # type: ignore[arg-type]
    assert b"Lleve un registro inventado." in out


def test_a_wrong_recommendation_of_a_body_keeps_the_whole_file_out_and_is_named(country: World, tmp_path: Path) -> None:
    content = observed("CMW,CMW/C/SLV/CO/99,,24,Una.,,,,a1", "OMC,CMW/C/SLV/CO/99,,25,Dos.,,,,a2")
    page = sent(signed_in(country), content, "bodies", "look")
    assert "línea 3, columna body: «OMC» no es un órgano de la lista. No se guardó nada del archivo." in page
    path = tmp_path / "bodies.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"line 3, column body: .* nothing was changed"):
        call_command("provisions", "bodies", str(path), "--by", "secretariat")
    path.write_bytes(content.replace(b"OMC", b"CMW"))
    with pytest.raises(CommandError, match="only the secretariat"):
        call_command("provisions", "bodies", str(path), "--by", "focal_health")
    assert not Instrument.objects.filter(kind="recommendations").exists()
    call_command("provisions", "bodies", str(path), "--by", "secretariat")
    assert Recommendation.objects.count() == 2


def test_rows_of_the_index_that_are_not_for_this_register_are_told(country: World) -> None:
    content = (
        "Text,Countries Concerned,Reccomending Body,Document Symbol,Type\n"
        "24.Keep a made-up register.,- El Salvador,- CMW,CMW/C/SLV/CO/99,- Recommendations\n"
        "Another.,- Iraq,- CMW,CMW/C/IRQ/CO/9,- Recommendations\n"
        "A worry.,- El Salvador,- CMW,CMW/C/SLV/CO/99,- Concerns/Observations\n"
    )
    page = sent(signed_in(country), content.encode(), "bodies", "look")
    assert "<strong>1</strong> nuevas" in page
    assert "<strong>1</strong> de otros países" in page
    assert "<strong>1</strong> que no recomiendan: Concerns/Observations" in page


def test_a_wrong_recommendation_keeps_the_whole_file_out_and_is_named(country: World) -> None:
    content = recommendations(recommended("Una"), recommended("Dos", "Maybe"))
    page = sent(signed_in(country), content, "recommendations", "look")
    assert "línea 3, columna Response: «Maybe» no es Accepted ni Noted. No se guardó nada del archivo." in page
    assert not Instrument.objects.filter(kind="recommendations").exists()


def test_the_status_of_a_treaty_is_what_the_table_says_and_no_more(country: World, tmp_path: Path) -> None:
    path = tmp_path / "icmw_status.csv"
    path.write_text("iso2,iso3,status,year\nSV,SLV,state party,2003\nAM,ARM,signatory state,\n", encoding="utf-8")
    unknown = Client().get("/commitments/treaties/").content.decode()
    call_command("provisions", "treaty", str(path), "--by", "secretariat", "--dry-run")
    assert not CountryStatus.objects.exists()
    call_command("provisions", "treaty", str(path), "--by", "secretariat")
    before = queries.state()
    call_command("provisions", "treaty", str(path), "--by", "secretariat")
    assert queries.state() == before
    page = Client().get("/commitments/treaties/").content.decode()
    assert "2003" in page
    for said, fewer in (
        ("</span> no se sabe", 1),
        ('<td colspan="5"', 1),
        ("ninguna tabla importada", 1),
    ):
        assert page.count(said) == unknown.count(said) - fewer > 0, said
    assert page.count('data-label="Estados parte">1</td>') == 1
    assert ">States parties</th>" in Client().get("/commitments/treaties/?lang=en").content.decode()
    assert "tabla «icmw_status.csv»" in page
    path.write_text("iso2,iso3,status,year\nXX,XXX,state party,2003\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 2, column iso3: there is no country XXX; nothing was changed"):
        call_command("provisions", "treaty", str(path), "--by", "secretariat")
    with pytest.raises(CommandError, match="only the secretariat"):
        call_command("provisions", "treaty", str(path), "--by", "focal_health")
    path.write_text("iso2,iso3,status,year\nGT,GTM,state party,2003\n", encoding="utf-8")
    with pytest.raises(CommandError, match="is no treaty"):
        call_command("provisions", "treaty", str(path), "--by", "secretariat", "--instrument", "position-2017")
    assert not CountryStatus.objects.filter(country="GTM").exists()
    path.write_text("iso2,iso3,status,year\nGT,GTM,state par\x00ty,2003\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 2, column status: it holds a sign that cannot be stored"):
        call_command("provisions", "treaty", str(path), "--by", "secretariat")


def test_officers_without_the_secretariat_import_nothing(country: World) -> None:
    for username in ("focal_health", "focal_labour", "ombudsman"):
        client = signed_in(country, username)
        assert client.get(IMPORTS).status_code == 404
        assert client.post(IMPORTS, {"step": "store"}).status_code == 404


def test_the_real_recommendations_come_in_whole(country: World, shared_data: Path) -> None:
    path = shared_data / "14_obligations" / "upr_info_sessions_6-9.csv.gz"
    call_command("provisions", "recommendations", str(path), "--by", "secretariat")
    call_command("provisions", "recommendations", str(path), "--by", "secretariat")
    assert Recommendation.objects.count() == 120
    assert Recommendation.objects.filter(answer="noted").count() == 3
