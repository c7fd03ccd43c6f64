"""Definitions are read strictly: every mistake names the file, the indicator, the key and the nearest right word."""

from dataclasses import replace
from pathlib import Path

import pytest

from torogoz.statistics.indicators.definition import (
    UNITS,
    AnyOf,
    Breakdown,
    Comparison,
    Condition,
    Count,
    Disclosure,
    Distinct,
    External,
    Indicator,
    Links,
    Policy,
    Quality,
    Rate,
    Stock,
    dataflows_of,
    tables_of,
)
from torogoz.statistics.indicators.loading import load, load_all, of_rows, read, shipped
from torogoz.statistics.indicators.tables import BREAKDOWNS, TABLES
from torogoz.statistics.measured_releases import MEASURED_PLANS
from torogoz.statistics.strict_yaml import UnclearDefinition

GOOD = """
id: SV_TEST_01
name: {es: Retornos, en: Returns}
description: {es: Llegadas., en: Arrivals.}
measure:
  fn: count
  of: returns
  where: {NATIONALITY: SLV, AGE_GROUP: {unknown: false}, age_years: {between: [4, 17]}}
unit: EVENTS
frequency: [A, M]
breakdowns: [SEX, COUNTERPART_AREA]
sets: [[COUNTERPART_AREA, SEX]]
quality: {missing_max: {SEX: 0.01}, sum_rules: [[SEX]], jump: {mad: 6}}
disclosure: {policy: cell_key, min: 10}
links: {gcm: [21], sdg: ['10.7.2'], demands: [S8], esms: {accuracy: {es: Buena., en: Good.}}}
"""


def test_a_definition_is_read_whole() -> None:
    found = read(GOOD, "good.yaml")
    assert found == [
        Indicator(
            id="SV_TEST_01",
            name_es="Retornos",
            name_en="Returns",
            description_es="Llegadas.",
            description_en="Arrivals.",
            measure=Count(
                "returns",
                (
                    Condition("NATIONALITY", Comparison.IN, ("SLV",)),
                    Condition("AGE_GROUP", Comparison.KNOWN),
                    Condition("age_years", Comparison.BETWEEN, (4, 17)),
                ),
            ),
            unit=UNITS["EVENTS"],
            frequency=("M", "A"),
            breakdowns=(replace(BREAKDOWNS["SEX"], codes=("F", "M", "_O")), BREAKDOWNS["COUNTERPART_AREA"]),
            sets=((), ("SEX",), ("COUNTERPART_AREA",), ("SEX", "COUNTERPART_AREA")),
            disclosure=Disclosure(Policy.CELL_KEY, 10),
            quality=Quality({"SEX": 0.01}, (("SEX",),), 6.0),
            links=Links((21,), ("10.7.2",), ("S8",), {"accuracy": ("Buena.", "Good.")}),
        )
    ]


WRONG = [
    ("unit: EVENTS", "units: EVENTS", "units: no such key; did you mean unit or"),
    ("unit: EVENTS\n", "", "the definition: unit is missing"),
    ("unit: EVENTS", "unit: EVENT", "unit: there is no unit EVENT; did you mean EVENTS?"),
    ("unit: EVENTS", "unit: PT", "unit: PT (per cent) is × 100, but the measure is × 1"),
    ("{es: Retornos, en: Returns}", "{es: Retornos}", "name: en is missing"),
    ("{es: Retornos, en: Returns}", "{es: Retornos, en: ''}", "name.en: should be a text, not ''"),
    ("{es: Retornos, en: Returns}", "{es: 7, en: Returns}", "name.es: should be a text; write it in quotes: '7'"),
    ("{es: Retornos, en: Returns}", "Returns", "name: should be keys with values, not 'Returns'"),
    ("of: returns", "of: return", "measure.of: there is no table return; did you mean returns?"),
    ("fn: count", "fn: counts", "measure.fn: there is no measure counts; did you mean count?"),
    ("fn: count", "fn: median", "measure.of: should be a table and a column, like returns.whole, not returns"),
    ("NATIONALITY: SLV", "NATIONALTY: SLV", "measure.where.NATIONALTY: no such key; did you mean NATIONALITY?"),
    ("NATIONALITY: SLV", "NATIONALITY: NO, NATIONALITY: SE", "in line 8: NATIONALITY stands there twice"),
    ("NATIONALITY: SLV", "NATIONALITY: _U", "measure.where.NATIONALITY: unknown is not a code to compare with"),
    ("NATIONALITY: SLV", "NATIONALITY: {at_least: 3}", "NATIONALITY holds code, to which at_least does not apply"),
    ("NATIONALITY: SLV", "NATIONALITY: {like: S}", "measure.where.NATIONALITY.like: no such key"),
    ("NATIONALITY: SLV", "SEX: W", "measure.where.SEX: there is no code of SEX called W"),
    ("NATIONALITY: SLV", "person: A1", "measure.where.person: person is a key; no condition looks at it"),
    ("[4, 17]", "[17, 4]", "between: the bounds are the wrong way round: 17 is more than 4"),
    ("[4, 17]", "[4, 17, 18]", "measure.where.age_years.between: should be two bounds, [least, most]"),
    ("[4, 17]", "[4.5, 17]", "measure.where.age_years.between[1]: should be a whole number, not 4.5"),
    ("{unknown: false}", "{unknown: no}", "AGE_GROUP.unknown: should be true or false, not 'no'"),
    ("frequency: [A, M]", "frequency: [A, D]", "frequency[2]: there is no frequency D"),
    ("frequency: [A, M]\n", "", "the definition: frequency is missing"),
    ("frequency: [A, M]", "frequency: A", "frequency: should be a list, [like, this], not 'A'"),
    ("breakdowns: [SEX,", "breakdowns: [SECTS,", "breakdowns[1]: there is no breakdown SECTS"),
    ("breakdowns: [SEX,", "breakdowns: [SEX, SEX,", "breakdowns[2]: SEX stands there twice"),
    (
        "breakdowns: [SEX,",
        "breakdowns: [PORT,",
        "returns has no PORT. It can be broken down by SEX, AGE",
    ),
    ("sets: [[COUNTERPART_AREA, SEX]]", "sets: [[MODE]]", "there is no breakdown of this indicator called MODE"),
    ("min: 10", "min: 2", "disclosure.min: should lie between 3 and 100, not 2"),
    ("policy: cell_key", "policy: cellkey", "disclosure.policy: there is no policy cellkey; did you mean cell_key?"),
    ("missing_max: {SEX: 0.01}", "missing_max: {SEX: 1.5}", "quality.missing_max.SEX: should lie between 0 and 1"),
    ("gcm: [21]", "gcm: [24]", "links.gcm[1]: should lie between 1 and 23, not 24"),
    ("sdg: ['10.7.2']", "sdg: [10.7]", "links.sdg[1]: should be a text; write it in quotes: '10.7'"),
    ("demands: [S8]", "demands: [S18]", "links.demands[1]: there is no demand S18"),
    (
        "accuracy: {es: Buena., en: Good.}",
        "acuracy: {es: a, en: b}",
        "esms.acuracy: no such key; did you mean accur",
    ),
    ("id: SV_TEST_01", "id: sv-1", "id: should be capitals, figures and underscores, like SV_12_PERSONS, not sv-1"),
    ("[[SEX]], jump", "[[AGE]], jump", "quality.sum_rules[1][1]: there is no breakdown of this indicator called AGE"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_a_mistake_names_the_file_the_indicator_and_the_key(right: str, wrong: str, said: str) -> None:
    assert right in GOOD
    with pytest.raises(UnclearDefinition) as mistake:
        read(GOOD.replace(right, wrong, 1), "wrong.yaml")
    assert str(mistake.value).startswith("wrong.yaml")
    assert "SV_TEST_01" in str(mistake.value) or "in line" in str(mistake.value) or "id:" in said
    assert said in str(mistake.value)


def test_a_country_that_yaml_takes_for_a_no_is_a_country() -> None:
    indicator = read(GOOD.replace("NATIONALITY: SLV", "NATIONALITY: [NO, SE]"), "norway.yaml")[0]
    assert isinstance(indicator.measure, Count)
    assert indicator.measure.where[0] == Condition("NATIONALITY", Comparison.IN, ("NO", "SE"))


def _measured(text: str, breakdowns: str = "[SEX]", unit: str = "NUMBER", sets: str = "[[SEX]]") -> Indicator:
    head, _, tail = GOOD.partition("measure:")
    tail = tail[tail.index("unit:") :].replace("unit: EVENTS", f"unit: {unit}")
    tail = tail.replace("[SEX, COUNTERPART_AREA]", breakdowns).replace("[[COUNTERPART_AREA, SEX]]", sets)
    tail = tail.replace(", sum_rules: [[SEX]]", "")
    return read(f"{head}measure: {text}\n{tail}", "measured.yaml")[0]


def test_alternatives_are_read() -> None:
    where = "{any_of: [{NATIONALITY: SLV}, {SEX: F, REASON: {not_in: [STUDY]}}]}"
    measure = _measured(f"{{fn: n_unique, of: returns.person, where: {where}}}").measure
    assert measure == Distinct(
        "returns",
        "person",
        (
            AnyOf(
                (
                    (Condition("NATIONALITY", Comparison.IN, ("SLV",)),),
                    (Condition("SEX", Comparison.IN, ("F",)), Condition("REASON", Comparison.NOT_IN, ("STUDY",))),
                )
            ),
        ),
    )


def test_answers_of_the_single_form_are_columns_with_their_codes() -> None:
    column = TABLES["section_consular"].columns["family_abroad"]
    assert column.type == "codes"
    with pytest.raises(UnclearDefinition, match="code of family_abroad called CHILD; did you mean CHILDREN"):
        _measured("{fn: share, of: section_consular, part: {family_abroad: CHILD}}", unit="PT")


def test_a_population_is_looked_up_under_the_name_that_it_has_in_its_dataflow() -> None:
    population = "{dataflow: MIGRANT_STOCK, where: {COUNTERPART_AREA: SLV}, match: {COUNTERPART_AREA: REF_AREA}}"
    text = f"{{fn: rate, numerator: {{fn: count, of: returns}}, population: {population}, per: 1000}}"
    measure = _measured(text, "[SEX, COUNTERPART_AREA]", "PER_1000").measure
    matched = External("MIGRANT_STOCK", {"COUNTERPART_AREA": ("SLV",)}, match={"COUNTERPART_AREA": "REF_AREA"})
    assert measure == Rate(Count("returns"), matched, 1000)


def test_an_opening_within_a_period_is_refused() -> None:
    flows = "inflow: {fn: count, of: crossings}, outflow: {fn: count, of: crossings}"
    stock = "{{fn: stock, {}, opening: {{dataflow: MIGRANT_STOCK, where: {{COUNTERPART_AREA: SLV}}, at: '{}'}}}}"
    measure = _measured(stock.format(flows, "2023"), unit="PS").measure
    assert isinstance(measure, Stock)
    assert measure.at == "2023"
    with pytest.raises(UnclearDefinition, match="the end of 2023-06 lies within a period of frequency A"):
        _measured(stock.format(flows, "2023-06"), unit="PS")


def test_breakdowns_of_one_dimension_are_not_crossed() -> None:
    with pytest.raises(UnclearDefinition, match=r"sets\[1\]: AGE and AGE_GROUP are the same dimension"):
        _measured("{fn: count, of: returns}", "[SEX, AGE, AGE_GROUP]", "EVENTS", "[[AGE, AGE_GROUP]]")


def test_a_dataflow_is_broken_down_by_its_own_dimensions() -> None:
    text = GOOD.replace("frequency: [A, M]\n", "").replace("COUNTERPART_AREA", "AGE")
    start, end = text.index("measure:"), text.index("unit:")
    text = f"{text[:start]}measure: {{fn: external, dataflow: RETURNS}}\n{text[end:]}"
    indicator = read(text, "external.yaml")[0]
    assert indicator.frequency == ()
    assert indicator.breakdowns == (
        Breakdown("SEX", "SEX", "SEX", "SEX", "SEX", codelist="SEX"),
        Breakdown("AGE", "AGE", "AGE", "AGE", "AGE", codelist="AGE"),
    )
    with pytest.raises(UnclearDefinition, match=r"there is no dimension of the dataflow called PORT"):
        read(text.replace("[SEX, AGE]", "[SEX, PORT]"), "external.yaml")


def test_what_is_wrong_in_several_files_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD)
    (tmp_path / "c.yaml").write_text("id: [")
    (tmp_path / "d.yaml").write_text("")
    (tmp_path / "e.yaml").write_bytes(b"id: \xff")
    with pytest.raises(UnclearDefinition) as mistake:
        load_all(sorted(tmp_path.glob("*.yaml")))
    assert [line.partition(":")[0].split(" ")[0] for line in str(mistake.value).splitlines()] == [
        "b.yaml",
        "c.yaml",
        "d.yaml",
        "e.yaml",
    ]
    assert "b.yaml: SV_TEST_01: id: a.yaml has an indicator of this id too" in str(mistake.value)


def test_a_file_may_hold_several_definitions(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(GOOD + "---" + GOOD.replace("SV_TEST_01", "SV_TEST_02"))
    assert [each.id for each in load(tmp_path / "two.yaml")] == ["SV_TEST_01", "SV_TEST_02"]


def test_every_shipped_definition_is_understood() -> None:
    assert shipped()
    assert of_rows()
    assert not shipped().keys() & of_rows().keys()


def test_an_indicator_reads_dataflows_or_the_rows_that_a_release_measures_and_never_both() -> None:
    measured = {each.id for plan in MEASURED_PLANS.values() for each in plan.indicators}
    assert measured == {each.id for each in shipped().values() if tables_of(each.measure)}
    assert not [each.id for each in shipped().values() if tables_of(each.measure) and dataflows_of(each.measure)]
    assert not [each.id for each in of_rows().values() if not tables_of(each.measure)]


def test_engines_that_do_not_tell_capitals_tell_the_columns_of_every_table() -> None:
    for table in TABLES.values():
        assert len({name.lower() for name in table.columns}) == len(table.columns), table.id


def test_every_breakdown_finds_its_column_somewhere() -> None:
    columns = {name for table in TABLES.values() for name in table.columns}
    assert {each.column for each in BREAKDOWNS.values()} <= columns
