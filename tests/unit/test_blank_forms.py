"""Blank forms for devices: XForm and XLSForm say what the definition says, and the same as each other."""

import re
import shutil
from io import BytesIO
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyxform.validators.odk_validate import check_xform
from pyxform.xls2xform import convert

from torogoz.domain.conditions import Condition, met, read
from torogoz.domain.names import PARTS
from torogoz.domain.questions import Kind, Question
from torogoz.exchange.blankforms.outline import (
    Asked,
    BlankForm,
    Listed,
    ListMissing,
    NothingToFillIn,
    blank_form,
    outline,
    parts_of,
    walk,
)
from torogoz.exchange.blankforms.xpath import Rules
from torogoz.exchange.writers.xform import JAVAROSA, XFORMS, xform
from torogoz.exchange.writers.xlsform import xlsform
from torogoz.statistics.forms.shipped import HEADER, SINGLE_FORM, current, current_form

LISTS = {
    "AREA": [Listed("SLV", "El Salvador", "El Salvador"), Listed("USA", "Estados Unidos", "United States")],
    "DOCUMENT": [Listed("DUI", "DUI", "DUI"), Listed("PASSPORT", "Pasaporte", "Passport")],
    "CENTRE": [Listed("A", "Centro A", "Centre A"), Listed("B", "Centro B", "Centre B")],
    "DEPARTMENT": [Listed("SV-SS", "San Salvador", "San Salvador"), Listed("SV-AH", "Ahuachapán", "Ahuachapán")],
    "DISTRICT": [
        Listed("SV-SS-1", "Mejicanos", "Mejicanos", "SV-SS"),
        Listed("SV-AH-1", "Atiquizaya", "Atiquizaya", "SV-AH"),
    ],
    "REASON": [Listed("FAMILY", "Familia", "Family"), Listed("ECONOMIC", "Economía", "Economy")],
    "NEED": [Listed("FOOD", "Alimentación", "Food"), Listed("WATER", "Agua", "Water")],
}  # fmt: skip
REGISTRARS = blank_form(SINGLE_FORM, "DGME", "registrar", ("Registro", "Registry"), ["migration"], registers=True)
WHOLE = blank_form(SINGLE_FORM, "ALL", "all", ("Todo", "All"), [form.code for form in current()], registers=True)
ALONE = [
    blank_form(SINGLE_FORM, form.institution, "specialist", (form.es, form.en), [form.code], registers=False)
    for form in current()
]
FORMS = [REGISTRARS, WHOLE, *ALONE]
X = {"x": XFORMS, "jr": JAVAROSA}
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


def binds(written: bytes | str) -> dict[str, dict[str, str]]:
    """The rules of each question of an XForm, by path, without the spaces and quotes in which writers differ."""
    root = ET.fromstring(written)
    found = {}
    for bind in root.iterfind(".//x:bind", X):
        rules = {key: re.sub(r"\s+", "", value) for key, value in bind.attrib.items() if "itext" not in value}
        found[rules.pop("nodeset")] = {
            key: value for key, value in rules.items() if "jr:" not in key and "{" not in key
        }
    return found


def controls(written: bytes | str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The kind of each control, and the codes that it offers, by path."""
    root = ET.fromstring(written)
    lists = {
        instance.get("id"): [item.findtext("x:name", "", X) for item in instance.iterfind("x:root/x:item", X)]
        for instance in root.iterfind(".//x:instance[@id]", X)
    }
    found = {}
    for kind in ("input", "select", "select1"):
        for control in root.iterfind(f".//x:{kind}", X):
            codes = [item.findtext("x:value", "", X) for item in control.iterfind("x:item", X)]
            items = control.find("x:itemset", X)
            if items is not None:
                named = re.search(r"instance\('(\w+)'\)", items.attrib["nodeset"])
                assert named
                codes = lists[named.group(1)]
            found[control.attrib["ref"]] = (kind, tuple(codes))
    return found


@each_form
def test_the_xlsform_converts_to_what_the_xform_says(form: BlankForm) -> None:
    theirs = convert(BytesIO(xlsform(form, LISTS)), file_type=".xlsx", validate=False).xform
    ours = xform(form, LISTS)
    assert controls(ours) == controls(theirs)
    assert binds(ours) == binds(theirs)
    mine, other = (ET.fromstring(text).find(".//x:instance/x:data", X) for text in (ours, theirs))
    assert mine is not None
    assert other is not None
    assert (mine.get("id"), mine.get("version")) == (other.get("id"), other.get("version")) == (form.id, form.version)
    assert [node.tag for node in mine.iter()] == [node.tag for node in other.iter()]


@each_form
def test_every_question_of_the_definition_is_asked_once_with_its_answers(form: BlankForm) -> None:
    asked = controls(xform(form, LISTS))
    expected = [question for section in form.sections for question in section.questions]
    for question in expected:
        paths = [path for path in asked if path.endswith(f"/{question.code}")]
        assert len(paths) == 1, question.code
        kinds = {Kind.CHOICE: "select1", Kind.YES_NO: "select1", Kind.SEVERAL: "select"}
        kind, codes = asked[paths[0]]
        assert kind == kinds.get(question.kind, "input")
        if not question.codelist:
            assert codes == tuple(option.code for option in question.options)
    if form.header:
        fields = sum(len(fact.fields) * fact.times for fact in HEADER.facts)
        assert len(asked) == len(expected) + fields
    else:
        assert len(asked) == len(expected) + 1


@each_form
def test_every_text_that_is_used_is_there_in_both_languages(form: BlankForm) -> None:
    written = xform(form, LISTS)
    root = ET.fromstring(written)
    used = set(re.findall(r"jr:itext\('([^']+)'\)", written.decode()))
    used |= {item.findtext("x:itextId", "", X) for item in root.iterfind(".//x:item[x:itextId]", X)}
    translations = root.findall(".//x:translation", X)
    assert [each.get("lang") for each in translations] == ["Español (es)", "English (en)"]
    for each in translations:
        texts = {text.get("id"): text.findtext("x:value", "", X) for text in each.iterfind("x:text", X)}
        assert used == set(texts)
        assert all(texts.values())


def test_the_header_is_that_of_the_web_form() -> None:
    asked = {one.name for above, one in walk(outline(REGISTRARS)) if above[0] == "header"}
    web = {
        *PARTS, "aliases", "birth", "sex", "nationality", "centre", "arrived_on", "arrived_at", "returned_from",
        "route", "accompanied", "origin_department", "origin_district", "destination_department",
        "destination_district", "reason", "needs", "pregnant", "disabled", "injured",
    }  # fmt: skip
    documents = {f"document_{number}_{field}" for number in (1, 2, 3) for field in ("kind", "number", "issuer")}
    assert asked == web | documents


def test_the_version_tells_the_version_of_each_part() -> None:
    assert (REGISTRARS.id, REGISTRARS.version) == ("torogoz-dgme-registrar", "header1.migration2")
    assert parts_of(WHOLE.version) == {"header": 1} | {form.code: form.version for form in current()}
    for wrong in ("", "1", "header", "header0", "header1.", "header1migration2 "):
        with pytest.raises(ValueError, match="is not the version of a form"):
            parts_of(wrong)


def test_the_same_form_gives_the_same_bytes() -> None:
    assert xform(REGISTRARS, LISTS) == xform(REGISTRARS, LISTS)
    assert xlsform(REGISTRARS, LISTS) == xlsform(REGISTRARS, LISTS)


def test_who_writes_nothing_has_no_form_and_a_list_that_is_missing_is_named() -> None:
    with pytest.raises(NothingToFillIn, match="GAMI logistics"):
        blank_form(SINGLE_FORM, "GAMI", "logistics", ("x", "y"), [], registers=False)
    with pytest.raises(ListMissing, match="AREA"):
        xform(REGISTRARS, {})


# ── Conditions in XPath mean what they mean in the domain ───────────────────────────────────────────────────────


def true_in_xpath(expression: str, values: dict[str, str]) -> bool:
    """Evaluate the small part of XPath that is written, by way of Python."""
    python = re.sub(r"\$\{(\w+)\}", lambda found: repr(values[found.group(1)]), expression)
    python = re.sub(r"selected\(('[^']*'), ('[^']*')\)", r"(\2 in \1.split())", python)
    python = re.sub(r"('[^']*') (<=|>=|<|>) (\d+)", r"number(\1) \2 \3", python)
    python = re.sub(r"(?<![<>!=])=(?!=)", "==", python).replace("true()", "True").replace("false()", "False")
    scope = {"__builtins__": {}, "number": lambda text: float(text) if text else float("nan")}
    return bool(eval(python, scope))


CONDITIONS = [
    "a = Y", "a != Y", "not a != Y", "a in (Y, N)", "s has P", "not s has NONE", "n > 3", "not n <= 3",
    "a = Y or b = Y", "a = Y and not b = Y", "not (a = Y or s has P)", "(a = Y or n > 3) and (b = N or s has P)",
    "elsewhere = Y", "a = Y and elsewhere = Y", "a = Y or not elsewhere = Y",
]  # fmt: skip


@pytest.mark.parametrize("text", CONDITIONS)
def test_what_is_asked_on_a_device_is_what_is_asked_on_the_page(text: str) -> None:
    condition = read(text)
    kinds = {"a": Kind.YES_NO, "b": Kind.YES_NO, "s": Kind.SEVERAL, "n": Kind.NUMBER}
    rules = Rules({code: asked(code, kind) for code, kind in kinds.items()}, lambda name: f"${{{name}}}")
    for a, b, s, n in product(("", "Y", "N", "_U"), ("", "Y", "N"), ("", "P", "P Q", "NONE", "_U"), ("", "3", "4")):
        typed = {"a": a, "b": b, "s": s, "n": n}
        known: dict[str, object] = {code: value for code, value in typed.items() if value}
        known |= {"s": s.split()} if s else {}
        known |= {"n": int(n)} if n else {}
        truth = met(condition, known)
        assert true_in_xpath(rules.surely(condition), typed) is (truth is True), (text, typed)
        assert true_in_xpath(rules.possibly(condition), typed) is (truth is not False), (text, typed)


def asked(code: str, kind: Kind, relevant: Condition | None = None) -> Asked:
    return Asked(code, code, Question(code, kind, code, code, relevant=relevant))


def test_what_hangs_on_a_question_that_does_not_apply_is_not_asked_on_a_device() -> None:
    form = current_form("prosecution")
    names = {each.code: Asked(each.code, each.code, each) for each in form.questions}
    rules = Rules(names, lambda name: f"${{{name}}}")
    expression = rules.relevant(names["case_reference"])
    blank = dict.fromkeys(names, "")
    assert not true_in_xpath(expression, blank | {"victim_of": "NONE"})
    assert true_in_xpath(expression, blank | {"victim_of": "EXTORTION"})
    assert true_in_xpath(expression, blank)
    assert not true_in_xpath(expression, blank | {"victim_of": "EXTORTION", "case_wanted": "LATER"})


@pytest.mark.skipif(shutil.which("java") is None, reason="the checker of ODK is a program in Java")
@each_form
def test_the_checker_of_odk_finds_nothing_wrong(form: BlankForm, tmp_path: Path) -> None:
    (tmp_path / "form.xml").write_bytes(xform(form, LISTS))
    assert check_xform(str(tmp_path / "form.xml")) == []
