"""What the public reads of violence, and what statisticians write: protected on every path, versions, one policy."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client

from tests.made_up import arrivals
from tests.world import LONG_AGO, World
from torogoz.domain.access import Role
from torogoz.domain.violence import EstimateRefused
from torogoz.shared.audit.models import AccessEvent
from torogoz.shared.codelists import actions as codelists
from torogoz.shared.institutions.models import Institution, Membership, Officer
from torogoz.shared.places import actions as places
from torogoz.shared.releases.actions import make_release
from torogoz.shared.releases.models import Release
from torogoz.shared.releases.queries import folder_of
from torogoz.shared.sources import queries as sources
from torogoz.shared.sources.actions import Outcome, accept, import_file
from torogoz.shared.submissions.models import Submission
from torogoz.statistics.coverage import coverage
from torogoz.topics.violence import queries
from torogoz.topics.violence.actions import NotAllowed, correct_estimate, recommend, record_estimate
from torogoz.topics.violence.models import Estimate, Recommendation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
HOME = ZoneInfo("America/El_Salvador")
BACKEND = "django.contrib.auth.backends.ModelBackend"
HEADER = "institution,crime,month,department,municipality,sex,age,count,made_up"
# Victims of homicide in January 2025 that the police count, by municipality: Soyapango's is the small one.
POLICE = {"Soyapango": 3, "San Salvador": 40, "Apopa": 25, "Ilobasco": 21, "Sensuntepeque": 17, "Apaneca": 33}
DEPARTMENTS = {"Ilobasco": "SV-CA", "Sensuntepeque": "SV-CA", "Apaneca": "SV-AH"}


@pytest.fixture(autouse=True)
def lists() -> None:
    codelists.load()
    places.load()


def crimes(folder: Path, *, made_up: str = "", institution: str = "PNC") -> Path:
    """A file of victims, one municipality of it small."""
    rows = [
        f"{institution},HOMICIDE,2025-{month:02d},{DEPARTMENTS.get(name, 'SV-SS')},{name},M,Y18T29,{count},{made_up}"
        for name, count in POLICE.items()
        for month in ((1,) if name == "Soyapango" else (1, 6))
    ]
    path = folder / f"crimes-{institution}{made_up}.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def population(folder: Path) -> Path:
    path = folder / "population.csv"
    rows = [
        "SV-SS-1,2024,500000",
        "SV-SS-2,2024,300000",
        "SV-SS-4,2024,400000",
        "SV-CA-1,2024,60000",
        "SV-CA-2,2024,90000",
    ]
    path.write_text("\n".join(["area,year,population", *rows]) + "\n", encoding="utf-8")
    return path


def released(*, made_up: bool = False, code: str = "2025") -> Release:
    found = queries.crime_cells(made_up=made_up)
    frames = {"RETURNS": arrivals(300, 2025, 2025)}
    return make_release(
        code=code,
        cut_off=coverage(code).cut_off(HOME),
        frames=frames if found is None else {**frames, "CRIME": found},
        by="",
        now=NOW,
        made_up=made_up,
    ).release


@pytest.fixture
def published(tmp_path: Path) -> Release:
    import_file(path=crimes(tmp_path), now=NOW)
    import_file(path=population(tmp_path), now=NOW)
    return released()


def text(response: HttpResponseBase) -> str:
    if isinstance(response, StreamingHttpResponse):
        return b"".join(response).decode()  # type: ignore[arg-type]  # a synchronous stream under WSGI
    return response.content.decode()  # type: ignore[attr-defined]


def rows(response: HttpResponseBase) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(response), newline="")))


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u202f", " "))


def test_before_a_release_nothing_that_institutions_reported_is_public(client: Client, tmp_path: Path) -> None:
    import_file(path=crimes(tmp_path), now=NOW)
    assert sources.observations("CRIME").collect().is_empty()
    for address in ("/violence/", "/violence/rates/", "/violence/association/", "/flows/CRIME/"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "Todavía no se ha publicado" in plain(text(page)), address
    for address in ("/violence/rates.csv", "/violence/association.json", "/flows/CRIME.csv"):
        assert client.get(address).status_code == 404, address


def test_no_public_page_counts_the_rows_of_a_protected_file_or_gives_its_checksum(
    client: Client, tmp_path: Path
) -> None:
    path = crimes(tmp_path)
    path.write_text(path.read_text() + "PNC,HOMICIDE,2025-02,SV-SS,Nowhere,M,Y18T29,2,\n", encoding="utf-8")
    vintage = import_file(path=path, now=NOW)[0].vintage
    assert vintage.rows_set_aside
    page = client.get("/sources/").content.decode()
    assert "(PNC)" in page
    assert "ya protegidas; por eso aquí no se cuentan" in page
    for said in ("Filas leídas", "Apartadas", "Por qué se apartaron", "Nowhere", "SHA-256", vintage.file_name):
        assert said not in page
    released()
    for address in (
        "/sources/",
        "/flows/CRIME/",
        "/flows/CRIME.json",
        "/violence/rates.json",
        "/violence/association.json",
        "/sdmx/structure/*/*/*/*?references=all",
        "/sdmx/data/dataflow/TOROGOZ/CRIME/1.0.0/*?attributes=all&includeHistory=true",
    ):
        told = text(client.get(address)).replace("<wbr>", "")
        assert vintage.sha256 not in told, address
    package = zipfile.ZipFile(io.BytesIO(b"".join(client.get("/flows/CRIME.zip"))))  # type: ignore[call-overload]
    assert all(vintage.sha256.encode() not in package.read(name) for name in package.namelist())


def test_a_small_count_is_hidden_on_every_path(client: Client, published: Release, tmp_path: Path) -> None:
    def small(found: list[dict[str, str]]) -> list[dict[str, str]]:
        return [row for row in found if row["REF_AREA"] == "SV-SS-2"]

    for address in (
        "/flows/CRIME.csv",
        "/flows/CRIME.csv?by=REF_AREA,TIME_PERIOD&freq=A",
        "/flows/CRIME.csv?by=REF_AREA,SEX&REF_AREA=SV-SS-2",
        "/flows/CRIME.csv?REF_AREA=SV-SS-2&from=2025",
    ):
        found = small(rows(client.get(address)))
        assert found, address
        for row in found:
            assert row["OBS_VALUE"] in ("", "0"), address
            assert row["CONF_STATUS"] == "C" or row["OBS_VALUE"] == "0", address
    observations = json.loads(text(client.get("/flows/CRIME.json")))["observations"]
    assert {row["OBS_VALUE"] for row in observations if row["REF_AREA"] == "SV-SS-2"} <= {None, 0}
    rates = small(rows(client.get("/violence/rates.csv?level=municipality")))
    assert [
        (row["COUNT"], row["RATE"], row["SMOOTHED"], row["SMOOTHED_LOW"], row["WEIGHT"], row["CONF_STATUS"])
        for row in rates
    ] == [("", "", "", "", "", "C")]
    stored = sources.observations("CRIME").filter(pl.col("REF_AREA") == "SV-SS-2", pl.col("OBS_VALUE") > 0).collect()
    assert stored.is_empty()
    said = io.StringIO()
    call_command("data", "CRIME", where=["REF_AREA=SV-SS-2"], stdout=said, stderr=said)
    told = said.getvalue().replace("SV-SS-2", "")
    assert "HOMICIDE" in told
    assert not re.search(r"(?<![\d-])3(\.0)?(?![\d-])", told), told


def test_nothing_shown_gives_the_small_count_back_by_difference(published: Release) -> None:
    """By hand: in its department at least one other municipality is hidden beside it, or the department is."""
    cells = queries.crimes(published).filter(
        pl.col("SEX") == "_T", pl.col("AGE") == "_T", pl.col("TIME_PERIOD") == "2025"
    )
    within = cells.filter(pl.col("REF_AREA").str.starts_with("SV-SS"))
    hidden = within.filter(pl.col("CONF_STATUS") == "C")["REF_AREA"].to_list()
    assert "SV-SS-2" in hidden
    assert len(hidden) >= 2


def test_a_hidden_place_has_no_rate_and_one_without_population_says_so(client: Client, published: Release) -> None:
    page = plain(text(client.get("/violence/rates/?level=municipality")))
    assert "con dato protegido (s)" in page
    assert "lugares sin población importada: sin población no hay tasa" in page
    assert "Homicidio, 2025" in page
    found = {row["REF_AREA"]: row for row in rows(client.get("/violence/rates.csv?level=municipality"))}
    assert found["SV-AH-1"]["COUNT"] == "66"
    assert found["SV-AH-1"]["RATE"] == ""
    assert float(found["SV-CA-2"]["COUNT"]) == 42
    assert float(found["SV-CA-2"]["RATE"]) == pytest.approx(42 / 90000 * 100_000)
    assert found["SV-MO-1"]["COUNT"] == "0"  # the police cover the year, and know of nobody there
    assert found["SLV"]["COUNT"] == str(sum(POLICE.values()) * 2 - POLICE["Soyapango"])


def test_no_file_is_no_zero_and_a_year_in_part_is_provisional(client: Client, published: Release) -> None:
    found = rows(client.get("/flows/CRIME.csv?REF_AREA=SLV&by=TIME_PERIOD,REPORTED_BY"))
    assert {row["REPORTED_BY"] for row in found} == {"PNC"}
    by_month = rows(client.get("/flows/CRIME.csv?REF_AREA=SLV&from=2025-01&to=2025-12&SEX=_T&AGE=_T"))
    months = {row["TIME_PERIOD"]: row["OBS_VALUE"] for row in by_month}
    assert months["2025-03"] == "0"
    assert "2025-07" not in months
    assert "2025" not in months
    (year,) = rows(client.get("/flows/CRIME.csv?REF_AREA=SLV&TIME_PERIOD=2025&SEX=_T&AGE=_T"))
    assert (year["OBS_VALUE"], year["OBS_STATUS"]) == ("275", "P")


def test_two_institutions_stand_side_by_side_and_are_never_added(client: Client, tmp_path: Path) -> None:
    import_file(path=crimes(tmp_path), now=NOW)
    import_file(path=crimes(tmp_path, institution="IML"), now=NOW)
    released()
    found = rows(client.get("/flows/CRIME.csv?REF_AREA=SLV&by=TIME_PERIOD&freq=A"))
    assert [(row["REPORTED_BY"], row["OBS_VALUE"]) for row in found] == [("IML", "275"), ("PNC", "275")]


def test_one_year_is_drawn_as_bars_and_is_not_said_to_be_missing(client: Client, published: Release) -> None:
    page = text(client.get("/violence/"))
    assert "Todavía no se ha publicado" not in page
    assert "Víctimas: Homicidio, según cada institución, 2025" in plain(page)


def test_made_up_files_enter_a_made_up_release_only_and_never_beside_a_real_one(tmp_path: Path) -> None:
    import_file(path=crimes(tmp_path, made_up="1"), now=NOW)
    assert queries.crime_cells(made_up=False) is None
    invented = queries.crime_cells(made_up=True)
    assert invented is not None
    import_file(path=crimes(tmp_path), now=NOW)
    both = queries.crime_cells(made_up=True)
    assert both is not None
    assert both["OBS_VALUE"].sum() == invented["OBS_VALUE"].sum() == 275


def test_a_damaged_release_shows_no_figure_and_says_so(client: Client, published: Release) -> None:
    table = folder_of(published) / "tables" / "CRIME.parquet"
    table.chmod(0o600)
    table.write_bytes(b"altered")
    for address in ("/violence/", "/violence/rates/", "/violence/rates.csv"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "no se muestran" in text(answer)


def test_the_association_says_that_it_is_no_cause_and_shows_every_lag(client: Client, published: Release) -> None:
    page = plain(text(client.get("/violence/association/")))
    assert "Asociación no es causa." in page
    for lag in ("El mismo año", "Un año después", "2 años después", "3 años después"):
        assert lag in page
    found = rows(client.get("/violence/association.csv"))
    assert [row["LAG"] for row in found] == ["0", "1", "2", "3"]
    assert all(row["COEFFICIENT"] == "" and row["WHY_NOT"] for row in found)  # one department has a population


def test_files_carry_dictionary_licence_and_sources(client: Client, published: Release) -> None:
    for what in ("estimates", "rates", "association"):
        document = json.loads(text(client.get(f"/violence/{what}.json")))
        assert document["title"]["es"] != document["title"]["en"]
        assert document["sources"][0]["licence"] == "CC BY 4.0"
        assert all(column["title"]["es"] and column["description"]["en"] for column in document["columns"])
    assert [source["title"] for source in document["sources"][1:]] == ["crime-pnc-homicide", "population"]


# Estimates


@pytest.fixture
def other(world: World) -> Officer:
    """A statistician of another institution."""
    officer = Officer.objects.create(username="statistician_b", full_name="Estadística inventada")
    Membership.objects.create(
        officer=officer,
        institution=Institution.objects.get(code="MINSAL"),
        office=world.offices["CENTRE-B"],
        role=Role.STATISTICIAN.value,
        valid_from=LONG_AGO,
    )
    return officer


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


def form(**changes: str) -> dict[str, str]:
    return {
        "concept": "HOMICIDES",
        "area": "SLV",
        "period": "2015",
        "best": "6656",
        "low": "",
        "high": "",
        "method": "recuento inventado",
        "source": "fuente inventada",
        "published_on": "2016-01-03",
        "mark": "unverified",
        "where": "",
        **changes,
    }


def test_two_estimates_stand_side_by_side_and_the_page_says_that_they_contradict(world: World) -> None:
    client = signed_in(world.officers["statistician"])
    assert client.post("/violence/estimates/new/", form()).status_code == 302
    assert (
        client.post("/violence/estimates/new/", form(best="7000", low="6900", high="7100", source="otra")).status_code
        == 302
    )
    page = plain(text(Client().get("/violence/")))
    assert "2 estimaciones registradas, ninguna descartada" in page
    assert "Se contradicen" in page
    assert "otra" in page
    assert "fuente inventada" in page
    assert "Nadie ha recomendado ninguna todavía." in page
    found = rows(Client().get("/violence/estimates.csv"))
    assert [(row["BEST"], row["LOW"], row["RECOMMENDED"]) for row in found] == [
        ("6656", "", "N"),
        ("7000", "6900", "N"),
    ]
    assert AccessEvent.objects.filter(what="estimate", verb="create", officer="statistician").count() == 2


def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(world: World) -> None:
    client = signed_in(world.officers["statistician"])
    page = text(client.post("/violence/estimates/new/", form(low="9000", method="el método que escribí")))
    assert "deben ir de menor a mayor" in page
    assert "el método que escribí" in page
    assert "no es un número" in text(client.post("/violence/estimates/new/", form(best="muchos")))
    assert "todavía no ha llegado" in text(client.post("/violence/estimates/new/", form(published_on="2999-01-01")))
    assert "Falta este dato." in text(client.post("/violence/estimates/new/", form(source="")))
    assert not Estimate.objects.exists()


def test_only_the_institution_that_recorded_an_estimate_corrects_it_and_the_old_version_stays(
    world: World, other: Officer
) -> None:
    own = signed_in(world.officers["statistician"])
    own.post("/violence/estimates/new/", form())
    first = Estimate.objects.get()
    address = f"/violence/estimates/{first.key}/correct/"
    for officer in (other, world.officers["supervisor_a"], world.officers["data_protection"]):
        stranger = signed_in(officer)
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, form(best="1", change="porque lo digo yo y nadie más")).status_code == 404
    assert Client().get(address).status_code == 302
    assert Estimate.objects.get() == first
    assert AccessEvent.objects.filter(what="estimate", allowed=False, officer=other.username).exists()
    assert "Corregir" not in text(signed_in(other).get(f"/violence/estimates/{first.key}/"))

    short = own.post(address, form(best="6657", change="sí"))
    assert "en una frase de al menos" in text(short)
    done = own.post(address, form(best="6657", change="La fuente corrigió su propia cifra un día después."))
    assert done.status_code == 302
    first.refresh_from_db()
    assert (first.best, first.version) == (6656, 1)
    second = Estimate.objects.get(version=2)
    assert (second.best, second.series, second.institution.code) == (6657, first.series, "DGME")
    page = plain(text(Client().get(f"/violence/estimates/{first.key}/")))
    assert "Versión 2" in page
    assert "Versión 1 – corregida después" in page
    assert "La fuente corrigió su propia cifra" in page
    assert [row["BEST"] for row in rows(Client().get("/violence/estimates.csv"))] == ["6657"]

    late = own.post(address, form(best="1", change="Otra corrección sobre la versión de antes."))
    assert "mientras usted escribía" in text(late)
    assert Estimate.objects.count() == 2


def test_the_action_itself_asks_the_policy_whatever_page_called_it(world: World, other: Officer) -> None:
    signed_in(world.officers["statistician"]).post("/violence/estimates/new/", form())
    before = Estimate.objects.get()
    said = queries.as_domain(before)
    reason = "Un motivo suficientemente largo."
    with pytest.raises(NotAllowed):
        correct_estimate(by=other, before=before, estimate=said, change=reason, now=NOW)
    for officer in (world.officers["registrar_a"], world.officers["data_protection"]):
        with pytest.raises(NotAllowed):
            record_estimate(by=officer, estimate=said, now=NOW)
        with pytest.raises(NotAllowed):
            recommend(by=officer, estimate=before, reason=reason, now=NOW)
    assert Estimate.objects.get() == before
    assert not Recommendation.objects.exists()


def test_a_correction_never_makes_an_estimate_speak_of_something_else(world: World) -> None:
    officer = world.officers["statistician"]
    own = signed_in(officer)
    own.post("/violence/estimates/new/", form())
    before = Estimate.objects.get()
    said, reason = queries.as_domain(before), "La fuente corrigió su propia cifra."
    for field, other_one in (("concept", "EXTORTIONS"), ("area", "SV-SS"), ("period", "2014")):
        with pytest.raises(EstimateRefused) as refusal:
            correct_estimate(
                by=officer, before=before, estimate=replace(said, **{field: other_one}), change=reason, now=NOW
            )
        assert (refusal.value.field, refusal.value.code) == (field, "about_another")
    address = f"/violence/estimates/{before.key}/correct/"
    assert own.post(address, form(area="SV-SS", period="2014", best="6657", change=reason)).status_code == 302
    assert {(each.area, each.period) for each in Estimate.objects.all()} == {("SLV", "2015")}


def test_a_form_that_is_sent_twice_records_one_estimate(world: World, other: Officer) -> None:
    own, token = signed_in(world.officers["statistician"]), str(uuid4())
    assert 'name="token"' in text(own.get("/violence/estimates/new/"))
    first = own.post("/violence/estimates/new/", form(token=token))
    again = own.post("/violence/estimates/new/", form(token=token))
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert Estimate.objects.count() == 1
    assert AccessEvent.objects.filter(what="estimate", verb="create", allowed=True).count() == 1
    changed = own.post("/violence/estimates/new/", form(token=token, best="1"))
    assert "ya guardó una estimación" in text(changed)
    assert "ya guardó una estimación" in text(signed_in(other).post("/violence/estimates/new/", form(token=token)))
    assert Estimate.objects.get().best == 6656


def test_a_corrected_estimate_stays_the_one_that_was_recommended(world: World) -> None:
    own = signed_in(world.officers["statistician"])
    own.post("/violence/estimates/new/", form())
    first = Estimate.objects.get()
    own.post(f"/violence/estimates/{first.key}/recommend/", {"reason": "Cuenta todo el país, con un método."})
    own.post(f"/violence/estimates/{first.key}/correct/", form(best="6657", change="La fuente corrigió su cifra."))
    found = rows(Client().get("/violence/estimates.csv"))
    assert [(row["BEST"], row["RECOMMENDED"]) for row in found] == [("6657", "Y")]
    second = Estimate.objects.get(version=2)
    assert "Cuenta todo el país" in text(Client().get(f"/violence/estimates/{second.key}/"))


def test_public_pages_and_files_of_violence_are_kept_until_something_changes(
    client: Client, published: Release, world: World
) -> None:
    cache.clear()
    addresses = (
        "/violence/",
        "/violence/rates/",
        "/violence/association/",
        "/violence/rates.csv",
        "/violence/estimates.json",
    )
    tags = {}
    for address in addresses:
        answer = client.get(address)
        assert "public" in answer["Cache-Control"], address
        tags[address] = answer["ETag"]
        assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304, address
    signed_in(world.officers["statistician"]).post("/violence/estimates/new/", form())
    for address in ("/violence/", "/violence/estimates.json"):
        assert client.get(address, headers={"If-None-Match": tags[address]}).status_code == 200, address
    own = signed_in(world.officers["statistician"]).get("/violence/")
    assert "no-store" in own["Cache-Control"]
    assert "Registrar" in text(own)
    assert "/violence/estimates/new/" not in text(client.get("/violence/"))


def test_a_named_officer_recommends_with_a_reason_and_the_newest_choice_holds(world: World, other: Officer) -> None:
    own, second = signed_in(world.officers["statistician"]), signed_in(other)
    own.post("/violence/estimates/new/", form())
    second.post("/violence/estimates/new/", form(best="7000", source="otra"))
    one, two = Estimate.objects.order_by("pk")
    assert "en una frase" in text(own.post(f"/violence/estimates/{one.key}/recommend/", {"reason": "es mejor"}))
    assert not Recommendation.objects.exists()
    reason = "Cubre todo el país y dice a quién cuenta."
    assert own.post(f"/violence/estimates/{one.key}/recommend/", {"reason": reason}).status_code == 302
    assert second.post(f"/violence/estimates/{two.key}/recommend/", {"reason": f"{reason} Mejor."}).status_code == 302
    page = plain(text(Client().get("/violence/")))
    assert "Recomendada por Estadística inventada (MINSAL)" in page
    assert [row["RECOMMENDED"] for row in rows(Client().get("/violence/estimates.csv"))] == ["N", "Y"]
    history = plain(text(Client().get(f"/violence/estimates/{one.key}/")))
    assert history.count(") recomendó") == 2
    registrar = signed_in(world.officers["registrar_a"])
    assert registrar.post(f"/violence/estimates/{one.key}/recommend/", {"reason": reason}).status_code == 404
    assert registrar.get("/violence/estimates/new/").status_code == 404
    assert Recommendation.objects.count() == 2


def test_an_estimate_that_there_is_not_leads_nowhere(world: World) -> None:
    assert Client().get(f"/violence/estimates/{uuid4()}/").status_code == 404
    own = signed_in(world.officers["statistician"])
    for what in ("correct", "recommend"):
        assert own.get(f"/violence/estimates/{uuid4()}/{what}/").status_code == 404


def test_the_estimates_that_come_with_torogoz_are_recorded_once_and_named_with_their_sources(world: World) -> None:
    for _ in range(2):
        call_command("estimates", by="statistician", stdout=io.StringIO())
    assert Estimate.objects.count() == 8
    assert all(each.where.startswith("http") for each in Estimate.objects.all())
    page = plain(text(Client().get("/violence/")))
    assert "115.8" in page
    assert "sin verificar" in page


def test_a_file_of_estimates_is_recorded_whole_or_not_at_all(world: World, tmp_path: Path) -> None:
    path = tmp_path / "estimates.csv"
    columns = "concept,area,period,low,best,high,method,source,published_on,mark,where"
    good = "HOMICIDES,SLV,2015,,6656,,m,s,2016-01-03,unverified,"
    for bad, said in (
        ("HOMICIDES,SLV,2015,,6656,,m,s,2014-01-03,unverified,", "line 3"),
        ("WITCHCRAFT,SLV,2015,,1,,m,s,2016-01-03,unverified,", "not on the list"),
        ("HOMICIDES,SLV,2015,,muchos,,m,s,2016-01-03,unverified,", "not a number"),
    ):
        path.write_text("\n".join([columns, good, bad]) + "\n", encoding="utf-8")
        with pytest.raises(CommandError, match=said):
            call_command("estimates", str(path), by="statistician", stdout=io.StringIO())
        assert not Estimate.objects.exists()
    path.write_text(f"{columns}\n{good}\n", encoding="utf-8")
    with pytest.raises(CommandError, match="may not record"):
        call_command("estimates", str(path), by="registrar_a", stdout=io.StringIO())


def test_pages_are_light_and_english_is_complete(client: Client, published: Release, world: World) -> None:
    call_command("estimates", by="statistician", stdout=io.StringIO())
    client.cookies["django_language"] = "en"
    for address in ("/violence/", "/violence/rates/?level=municipality", "/violence/association/"):
        page = client.get(address)
        assert page.status_code == 200
        assert len(page.content) < 60_000
        assert "Estimación" not in text(page)
    assert "They contradict each other" in text(client.get("/violence/"))


def test_rows_that_an_institution_hands_in_reach_the_release_by_export_and_import(world: World, tmp_path: Path) -> None:
    handed, out = tmp_path / "handed.csv", tmp_path / "out.csv"
    head = "institution,crime,event_id,victim,date,reported_on,department,municipality,sex,age,status,made_up"
    rows = [
        f"PNC,HOMICIDE,H{name}{n},1,2025-01-{1 + n:02d},,{DEPARTMENTS.get(name, 'SV-SS')},{name},M,23,completed,"
        for name in POLICE
        for n in range(10)
    ]
    handed.write_text("\n".join([head, *rows, rows[0].replace("PNC", "FGR")]), encoding="utf-8")
    import_file(path=crimes(tmp_path), now=NOW)  # January and June, by the same institution
    call_command("submit", str(handed), schema="violence_events", institution="PNC")
    key = Submission.objects.get().key
    call_command("submissions", export=str(key), output=out)
    (done,) = import_file(path=out, now=NOW + timedelta(hours=1), vintage="2026-11-20")
    assert done.outcome is Outcome.HELD_BACK  # one month where the earlier import had two
    accept(vintage=done.vintage, now=NOW + timedelta(hours=2))
    cells = queries.crime_cells(made_up=False)
    assert cells is not None
    january = cells.filter(pl.col("TIME_PERIOD") == "2025-01")
    assert (january["OBS_VALUE"].sum(), set(january["REPORTED_BY"])) == (60.0, {"PNC"})
    assert cells.filter(pl.col("TIME_PERIOD") == "2025-06")["OBS_VALUE"].sum() == sum(POLICE.values()) - 3
    made = released()
    assert made.code == "2025"
    shown = sources.observations("CRIME").collect()
    place = shown.filter(
        pl.col("TIME_PERIOD") == "2025", pl.col("REF_AREA") == "SV-SS", pl.col("SEX") == "M", pl.col("AGE") == "_T"
    )
    assert place["OBS_VALUE"].to_list() == [30.0 + POLICE["San Salvador"] + POLICE["Apopa"]]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/violence/?crime=NOPE", "HOMICIDE"),
        ("/violence/rates/?crime=NOPE", "HOMICIDE"),
        ("/violence/rates.csv?crime=NOPE", "HOMICIDE"),
        ("/violence/rates.csv?year=1800", "2025"),
        ("/violence/rates.csv?source=NOPE", "PNC"),
        ("/violence/rates.csv?level=village", "municipality"),
        ("/violence/association.csv?crime=NOPE", "HOMICIDE"),
        ("/violence/association/?crimes=HOMICIDE", "crime"),
        ("/violence/estimates.csv?crime=HOMICIDE", "crime"),
    ],
)
def test_what_is_not_published_is_refused_with_what_is_and_never_answered_with_another(
    client: Client, published: Release, address: str, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert said in text(answer)


def test_the_published_estimates_do_not_stand_under_the_banner_of_the_made_up_victims(
    client: Client, tmp_path: Path
) -> None:
    import_file(path=crimes(tmp_path), now=NOW)
    released(made_up=True)
    page = text(client.get("/violence/"))
    banner = "Las víctimas de esta demostración no existen"
    assert page.index('id="counts"') < page.index(banner) < page.index('id="estimates"')
