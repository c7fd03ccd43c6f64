"""Code lists, territory and institutions as shipped and as loaded."""

from datetime import date

import pytest

from torogoz.domain.alphabet import alphabetical
from torogoz.shared.codelists import actions, queries
from torogoz.shared.codelists.models import Code
from torogoz.shared.codelists.shipped import rows
from torogoz.shared.institutions import shipped as institutions
from torogoz.shared.institutions.models import Institution
from torogoz.shared.places import actions as place_actions
from torogoz.shared.places import queries as places
from torogoz.shared.places.models import Place


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    actions.load()
    first = list(Code.objects.order_by("pk").values())
    actions.load()
    assert list(Code.objects.order_by("pk").values()) == first


@pytest.mark.django_db
def test_a_corrected_name_reaches_the_database_and_no_code_is_lost() -> None:
    actions.load()
    Code.objects.filter(codelist="SEX", code="F").update(name_es="Otra cosa")
    Code.objects.create(codelist="SEX", code="OLD", name_es="Antiguo", name_en="Old", source="an earlier edition")
    actions.load()
    assert queries.names("SEX", "es")["F"] == "Mujeres"
    assert "OLD" in queries.names("SEX", "es")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "first", "second"), [("es", "Omán", "Pakistán"), ("en", "Åland Islands", "Albania")]
)
def test_countries_are_offered_in_the_order_of_their_names_in_the_language_of_the_reader(
    language: str, first: str, second: str
) -> None:
    actions.load()
    offered = [name for _code, name in queries.countries(language)]
    assert offered == sorted(offered, key=alphabetical)
    assert offered.index(first) < offered.index(second)
    answers = [one.es for one in queries.answers_from("AREA")]
    assert answers == sorted(answers, key=alphabetical)


@pytest.mark.parametrize("name", [*actions.LISTS, "provisions"])
def test_every_code_has_a_name_in_both_languages_and_a_source(name: str) -> None:
    for row in rows("torogoz.shared.codelists", name):
        assert row["name_es"].strip(), row
        assert row["name_en"].strip(), row
        assert row["source"].strip(), row


@pytest.mark.django_db
def test_options_leave_out_the_total_and_the_codes_that_have_ended() -> None:
    actions.load()
    Code.objects.filter(codelist="REASON", code="STUDY").update(valid_to=date(2020, 1, 1))
    assert "_T" not in dict(queries.options("REASON", "es"))
    assert "STUDY" not in dict(queries.options("REASON", "es"))
    assert "STUDY" in dict(queries.options("REASON", "es", on=date(2019, 1, 1)))


@pytest.mark.django_db
def test_namibia_is_a_country_and_not_a_missing_value() -> None:
    actions.load()
    assert dict(queries.countries("en"))["NAM"] == "Namibia"
    assert len(queries.countries("es")) == 250


def test_the_195_provisions_are_shared_out_over_the_17_demands() -> None:
    assert len(queries.provisions()) == 195
    assert sum(len(queries.provisions_of(f"S{number}")) for number in range(1, 18)) == 195
    assert [len(queries.provisions_of(code)) for code in ("S1", "S3", "S8")] == [5, 47, 6]


def test_the_slip_of_the_printed_text_is_flagged_and_not_corrected() -> None:
    (slip,) = [provision for provision in queries.provisions() if provision.code == "C3.04"]
    assert "suspected-error" in slip.flags


@pytest.mark.django_db
def test_the_territory_has_14_departments_44_municipalities_and_262_districts() -> None:
    place_actions.load()
    levels = {level: Place.objects.filter(level=level).count() for level in Place.Level.values}
    assert levels == {"department": 14, "municipality": 44, "district": 262, "old_municipality": 262}
    assert sum(len(places.districts(code)) for code, _ in places.departments()) == 262


@pytest.mark.django_db
def test_an_old_municipality_leads_to_the_district_that_has_its_territory() -> None:
    place_actions.load()
    before = dict(places.districts("SV-LI", on=date(2017, 6, 1)))
    (old,) = [code for code, name in before.items() if name == "Nueva San Salvador"]
    assert places.name_of(places.district_now(old) or "") == "Santa Tecla"
    assert places.department_of(old) == "SV-LI"


@pytest.mark.django_db
def test_names_repeat_between_departments_and_codes_do_not() -> None:
    place_actions.load()
    assert places.districts_named("San Lorenzo").count() == 2


@pytest.mark.django_db
def test_a_dissolved_institution_names_its_successor() -> None:
    institutions.load()
    institutions.load()
    assert Institution.objects.get(code="CONMIGRANTES").successor == Institution.objects.get(code="VMDMH")
    assert Institution.objects.get(code="DAMI").successor == Institution.objects.get(code="GAMI")


@pytest.mark.parametrize("name", actions.LISTS)
def test_every_code_fits_into_its_column(name: str) -> None:
    """SQLite does not mind a text that is too long; PostgreSQL refuses the whole list."""
    for row in rows("torogoz.shared.codelists", name):
        for column in ("code", "name_es", "name_en", "parent", "source"):
            assert len(row[column]) <= (Code._meta.get_field(column).max_length or 0), row
