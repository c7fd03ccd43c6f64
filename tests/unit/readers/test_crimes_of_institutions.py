"""Crimes as institutions write them: places of three maps, what counts, and that nothing of a row is kept."""

from pathlib import Path

import polars as pl
import pytest

from torogoz.exchange.readers import catalogue
from torogoz.exchange.readers.contract import Reading, UnknownLayout
from torogoz.exchange.readers.territory import department, municipality, place

HEADER = "institucion,delito,fecha,departamento,municipio,sexo,edad,estado"


def read(folder: Path, text: str) -> list[Reading]:
    path = folder / "crimes.csv"
    path.write_text(text, encoding="utf-8")
    return catalogue.read(path)


def one(folder: Path, *rows: str, header: str = HEADER) -> pl.DataFrame:
    """The observations of a file with one institution and crime."""
    readings = read(folder, "\n".join([header, *rows]) + "\n")
    assert len(readings) == 1
    return readings[0].observations


def test_rows_are_counted_by_month_municipality_sex_and_age_group(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        "PNC,Homicidio,2017-05-03,San Salvador,Soyapango,hombre,19,consumado",
        "pnc,HOMICIDIO,2017-05-29,SAN SALVADOR,SOYAPANGO,M,29,",
        "PNC,homicidio,2017-06-01,San Salvador,Soyapango,mujer,30,consumado",
    )
    kept = found.select("REF_AREA", "CRIME", "SEX", "AGE", "REPORTED_BY", "TIME_PERIOD", "OBS_VALUE").rows()
    assert kept == [
        ("SV-SS-2", "HOMICIDE", "F", "Y30T59", "PNC", "2017-06", 1.0),
        ("SV-SS-2", "HOMICIDE", "M", "Y18T29", "PNC", "2017-05", 2.0),
    ]


def test_the_same_place_is_found_by_its_name_of_before_of_today_and_by_its_district() -> None:
    assert municipality("SV-LI", "Nueva San Salvador") == municipality("SV-LI", "santa tecla") == "SV-LI-6"
    assert municipality("SV-AH", "Ahuachapán Centro") == municipality("SV-AH", "Apaneca") == "SV-AH-1"
    assert municipality("SV-SS", "Apaneca") is None
    assert department("cabanas") == department("SV-CA") == "SV-CA"
    assert department("Atlántida") is None
    assert place("sv-ss-1") == "SV-SS-1"
    assert place("SV-SS-101") is None


@pytest.mark.parametrize("name", ["San Lorenzo", "San Isidro", "San Fernando", "San Rafael", "El Carmen", "El Rosario"])
def test_a_name_of_two_departments_leads_to_the_one_that_is_said(name: str) -> None:
    found = {
        code: municipality(code, name)
        for code in ("SV-AH", "SV-SV", "SV-CA", "SV-MO", "SV-CH", "SV-SM", "SV-PA", "SV-CU", "SV-UN", "SV-SO")
    }
    led = {code: where for code, where in found.items() if where}
    assert len(led) >= 2
    assert all(where.startswith(code) for code, where in led.items())


def test_what_did_not_happen_is_not_counted_and_what_is_not_known_is_not_guessed(tmp_path: Path) -> None:
    readings = read(
        tmp_path,
        "\n".join(
            [
                HEADER,
                "IML,homicidio,2017-05-03,Morazán,Perquín,hombre,desconocido,tentativa",
                "IML,homicidio,2017-05-03,Morazán,Perquín,hombre,,descartado",
                "IML,homicidio,2017-05-04,Morazán,Tegucigalpa,¿?,viejo,consumado",
                "IML,homicidio,2017-05-05,,,,,",
                "IML,homicidio,mayo,Morazán,Perquín,hombre,20,",
                "IML,brujería,2017-05-05,Morazán,Perquín,hombre,20,",
                "XYZ,homicidio,2017-05-05,Morazán,Perquín,hombre,20,",
                "IML,homicidio,2017-05-05,Atlántida,Perquín,hombre,20,",
            ]
        ),
    )
    assert len(readings) == 1
    cells = readings[0].observations.select("REF_AREA", "SEX", "AGE", "OBS_VALUE").rows()
    assert cells == [("SV-MO", "_U", "_U", 1.0), ("_U", "_U", "_U", 1.0)]
    told = readings[0].set_aside.select("row", "column").rows()
    assert told == [
        (2, "estado"), (3, "estado"), (4, "municipio"), (4, "sexo"), (4, "edad"), (6, "fecha"), (7, "delito"),
        (8, "institucion"), (9, "departamento"),
    ]  # fmt: skip


def test_nothing_that_could_name_a_person_or_an_event_is_kept(tmp_path: Path) -> None:
    """Names, numbers and days of a file stay in the file, also where a row is broken, strange or repeated."""
    readings = read(
        tmp_path,
        "\n".join(
            [
                "id_evento,nombre de la victima,institucion,delito,fecha,departamento,municipio,sexo,edad,estado",
                "EV-77,Inventada Pérez,PNC,homicidio,2017-05-03,Morazán,Perquín,mujer,31,consumado",
                "EV-77,Inventada Pérez,PNC,homicidio,2017-05-03,Morazán,Perquín,mujer,31,consumado",
                "EV-78,Inventado López,PNC,homicidio,2017-05-17,Morazán,Perquín,hombre,44,consumado,sobra,Inventado",
                "EV-79,Inventado Gómez,PNC,homicidio,2017-05-09,Morazán,Otro lugar,hombre,44,tentativa",
                "EV-80,x,PNC,homicidio,2017-05-17,Morazán,Inventado Gómez,Inventada Pérez,Inventado López,EV-77",
            ]
        ),
    )
    (found,) = readings
    assert found.observations["OBS_VALUE"].sum() == 2.0
    assert found.observations["SOURCE_ROW"].null_count() == found.observations.height
    everything = " ".join(
        [
            found.observations.write_csv(),
            found.set_aside.select("column", "value", "reason").write_csv(),
            found.labels.write_csv(),
            *(note for note in found.notes if not note.startswith("columns not read")),
        ]
    )
    for secret in ("EV-7", "Inventad", "Pérez", "López", "Gómez", "2017-05-03", "2017-05-17", "31"):
        assert secret not in everything, secret
    assert set(found.set_aside["row"]) == {3, 4, 5, 6}


def test_counts_may_come_added_and_each_institution_and_crime_is_a_data_set(tmp_path: Path) -> None:
    header = "institution,crime,month,department,municipality,sex,age,count,made_up"
    rows = [
        "PNC,EXTORTION,2018-01,SV-SS,San Salvador Centro,F,Y18T29,7,",
        "PNC,EXTORTION,2018-01,SV-SS,San Salvador,F,20,3,",
        "FGR,EXTORTION,2018-01,SV-SS,,F,Y18T29,4,",
        "FGR,EXTORTION,2018-01,SV-SS,,F,Y18T29,4,1",
        "PNC,ROBO,2018-01,SV-SS,,F,Y18T29,2.5,",
        "PNC,ROBO,2018-02,SV-SS,,F,Y18T29,5,",
    ]
    readings = read(tmp_path, "\n".join([header, *rows]))
    found = {each.dataset: each.observations["OBS_VALUE"].to_list() for each in readings}
    assert found == {
        "crime-fgr-extortion": [4.0],
        "made-up-crime-fgr-extortion": [4.0],
        "crime-pnc-extortion": [10.0],
        "crime-pnc-robbery": [5.0],
    }
    made_up = next(each for each in readings if each.dataset.startswith("made-up"))
    assert made_up.publisher.startswith("Made up for the demonstration")


def test_a_file_without_a_date_or_a_month_is_not_of_this_layout(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayout):
        read(tmp_path, "institution,crime,department\nPNC,HOMICIDE,SV-SS\n")


def test_a_population_is_of_places_that_there_are_and_a_made_up_one_stands_apart(tmp_path: Path) -> None:
    text = (
        "area,year,population,inventado\nSV-SS-1,2024,1000,\nSV-SS-1,2024,900,1\nSV-SS-101,2024,5,\nSV-SS,veinte,5,\n"
    )
    real, made_up = read(tmp_path, text)
    assert real.observations.select("REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE").rows() == [
        ("SV-SS-1", "_T", "2024", 1000.0)
    ]
    assert made_up.dataset == "made-up-population"
    assert real.set_aside["row"].to_list() == [4, 5]
