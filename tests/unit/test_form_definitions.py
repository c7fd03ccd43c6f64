"""Definitions of the single form: what is wrong with one is said with its file, question and reason."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from torogoz.statistics.forms.reading import load
from torogoz.statistics.forms.shipped import DEFINITIONS, SINGLE_FORM
from torogoz.statistics.strict_yaml import UnclearDefinition

Change = Callable[[str, str, str], Path]


@pytest.fixture
def change(tmp_path: Path) -> Change:
    """A copy of the shipped definitions in which one text of one file is another."""
    folder = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, folder)

    def changed(file: str, before: str, after: str) -> Path:
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
        return folder

    return changed


def test_what_is_shipped_reads_the_same_every_time() -> None:
    assert load(DEFINITIONS) == SINGLE_FORM


ANSWER = "crime_report = Y"
WRONG = [
    ("police-2", "kind: yes_no", "kind: yesno", "police-2.yaml: crime_report: kind: there is no kind yesno"),
    ("police-2", "es: 'Número de la denuncia'", "es: ''", "police-2.yaml: report_number: es: should be a text"),
    ("police-2", "  en: 'Number of the report'\n", "", "report_number: the definition: en is missing"),
    ("police-2", ANSWER, "crime_report = YES", "report_number: relevant: YES is not an answer to crime_report"),
    ("police-2", ANSWER, "report_number = Y", "report_number: relevant: report_number is neither asked before"),
    ("police-2", ANSWER, "pregnant = Y", "report_number: relevant: pregnant is neither asked before it nor"),
    ("police-2", ANSWER, "crime_report is Y", "police-2.yaml: report_number: relevant: “crime_report is Y”: a compar"),
    ("police-2", ANSWER, "crime_report > 3", "report_number: relevant: crime_report is not a number"),
    ("police-2", ANSWER, "crime_report has Y", "report_number: relevant: crime_report takes one answer"),
    ("women-2", "not violence_lived has NONE", "violence_lived = NONE", "relevant: violence_lived has no single code"),
    ("police-2", "ask: report_number", "ask: symptoms", "police-2.yaml: symptoms: health asks it already"),
    ("police-2", "ask: report_number", "ask: sex", "police-2.yaml: sex: the header asks it already"),
    ("police-2", "ask: report_number", "ask: court", "court: the definition: this section asks it twice"),
    ("police-2", "needs: [name", "needs: [nam", "police-2.yaml: needs: nam is asked neither by the header nor"),
    ("police-2", "tier: sensitive", "tier: secret", "police-2.yaml: tier: there is no tier secret"),
    ("police-2", "changed:", "changes:", "police-2.yaml: changes: no such key"),
    ("police-2", "version: 2", "version: 3", "police-2.yaml: version 3 of police stands in the wrong file"),
    ("police-2", "    NAMESAKE: {", "    namesake: {", "warrant: options.namesake: a code is in capitals"),
    ("police-2", "NAMESAKE: {", "OTHER: {", "police-2.yaml: warrant: version 1 has the answers NAMESAKE"),
    ("health-2", "kind: number", "kind: text", "health-2.yaml: gestation_weeks: version 1 asks it as number"),
    ("health-2", "  most: 44\n", "", "gestation_weeks: the definition: most is missing"),
    ("health-2", "kind: number", "least: 50\n  kind: number", "gestation_weeks: least: is greater than most"),
    ("migration-2", "  tier: sensitive", "  tier: protected", "return_fear: the definition: tier: a question is more"),
    ("header", "- labour\n", "", "labour-1.yaml: labour is not in the order of the sections"),
    ("header", "- labour\n", "- labour\n- work\n", "work-1.yaml: there are versions []"),
    ("header", "kind: partial_date", "kind: moment", "header.yaml: birth: kind: there is no kind moment"),
]


@pytest.mark.parametrize(("file", "before", "after", "why"), WRONG)
def test_a_wrong_definition_names_the_file_the_question_and_the_reason(
    change: Change, file: str, before: str, after: str, why: str
) -> None:
    with pytest.raises(UnclearDefinition) as refused:
        load(change(f"{file}.yaml", before, after))
    assert why in str(refused.value)


def test_an_ordinary_question_cannot_hang_on_a_more_sensitive_one(change: Change) -> None:
    asked = (
        "  tier: sensitive\n- ask: told\n  kind: text\n  es: 'Algo'\n  en: 'Something'\n  relevant: return_fear = NOT\n"
    )
    with pytest.raises(UnclearDefinition, match="told: relevant: return_fear is more sensitive"):
        load(change("migration-2.yaml", "  tier: sensitive\n", asked))


def test_every_wrong_file_is_told_at_once(change: Change) -> None:
    change("police-2.yaml", "kind: yes_no", "kind: x")
    with pytest.raises(UnclearDefinition) as refused:
        load(change("health-2.yaml", "kind: number", "kind: y"))
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()][:2] == [
        "health-2.yaml",
        "police-2.yaml",
    ]
