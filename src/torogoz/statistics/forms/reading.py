"""From the YAML of the single form to `domain.sections.SingleForm`, refusing everything that is not understood.

`header.yaml` has the facts that are asked once and the order of the sections; `CODE-VERSION.yaml` one version of one
section. A wrong definition is an error that names the file, the question, the key and the reason.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from torogoz.domain.access import Tier
from torogoz.domain.conditions import NOT_APPLICABLE, UNKNOWN, Condition, UnclearCondition, read
from torogoz.domain.questions import NONE, YES_NO_UNKNOWN, Doubt, Kind, Option, Question, SectionForm
from torogoz.domain.sections import Fact, Header, SingleForm
from torogoz.statistics.forms.checking import mistakes
from torogoz.statistics.strict_yaml import Node, UnclearDefinition, documents

TIERS: Final = {tier.name.lower(): tier for tier in Tier}
HEADER_KEYS: Final = ("version", "institution", "tier", "name", "facts", "sections")
FACT_KEYS: Final = ("fact", "name", "times", "fields")
SECTION_REQUIRED: Final = ("section", "version", "institution", "tier", "name", "needs", "questions")
SECTION_KEYS: Final = (*SECTION_REQUIRED, "changed")
QUESTION_KEYS: Final = (
    "ask", "kind", "es", "en", "hint", "options", "none", "codelist", "within", "required", "least", "most", "relevant",
    "tier", "doubt",
)  # fmt: skip
MARK_ALL: Final = ("Marque todas las que correspondan.", "Mark all that apply.")
LONGEST_TEXT: Final = 4000
GREATEST_NUMBER: Final = 10**9
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")
_OPTION = re.compile(r"[A-Z_][A-Z0-9_]{0,19}")


def load(folder: Path) -> SingleForm:
    """The single form that the files of a folder define. Raises UnclearDefinition with every mistake that was found."""
    header, order = _header(_one(folder / "header.yaml"))
    found: dict[tuple[str, int], SectionForm] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "header.yaml":
            continue
        try:
            form = section(_one(path))
            _check_file(path, form, order)
            found[form.code, form.version] = form
        except UnclearDefinition as mistake:
            wrong.append(str(mistake))
    for code in order:
        versions = sorted(version for name, version in found if name == code)
        if versions != list(range(1, len(versions) + 1)) or not versions:
            wrong.append(f"{code}-1.yaml: there are versions {versions}; they are counted from 1 without gaps")
    if wrong:
        raise UnclearDefinition("\n".join(wrong))
    listed = sorted(found, key=lambda key: (order.index(key[0]), key[1]))
    whole = SingleForm(header, tuple(found[key] for key in listed))
    if wrong := mistakes(whole):
        raise UnclearDefinition("\n".join(wrong))
    return whole


def section(node: Node) -> SectionForm:
    """One version of a section. Raises UnclearDefinition."""
    keys = node.mapping(SECTION_KEYS, SECTION_REQUIRED)
    version = keys["version"].whole(1, 999)
    if version > 1 and "changed" not in keys:
        raise node.mistake("changed is missing: a version after the first says what it changes, in both languages")
    needs = [each.text() for each in keys["needs"].items(1)]
    form = SectionForm(
        code=_code(keys["section"]),
        version=version,
        institution=keys["institution"].text(),
        tier=TIERS[keys["tier"].word(TIERS, "tier")],
        es=_both(keys["name"])[0],
        en=_both(keys["name"])[1],
        needs=frozenset(needs),
        questions=tuple(question(each) for each in keys["questions"].items(1)),
        changed=_both(keys["changed"]) if "changed" in keys else ("", ""),
    )
    codes = [each.code for each in form.questions]
    for each in keys["questions"].items():
        asked = question(each)
        if codes.count(asked.code) > 1:
            raise _of(each, asked.code).mistake("this section asks it twice")
        if asked.tier is not None and not form.tier < asked.tier < Tier.PROTECTED:
            raise _of(each, asked.code).mistake(
                f"tier: a question is more sensitive than its section ({form.tier.name.lower()}) and below protected; "
                "what is protected has a section of its own"
            )
    return form


def question(node: Node) -> Question:
    """One question. Raises UnclearDefinition."""
    keys = node.mapping(QUESTION_KEYS, ("ask",))
    code = _code(keys["ask"])
    node = _of(node, code)
    keys = node.mapping(QUESTION_KEYS, ("ask", "kind", "es", "en"))
    kind = Kind(keys["kind"].word([each.value for each in Kind], "kind"))
    hint = _both(keys["hint"]) if "hint" in keys else MARK_ALL if kind is Kind.SEVERAL else ("", "")
    if kind is not Kind.NUMBER and "least" in keys:
        raise keys["least"].mistake("only a number has a least")
    if kind not in (Kind.NUMBER, Kind.TEXT) and "most" in keys:
        raise keys["most"].mistake("only a number and a text have a most")
    greatest = GREATEST_NUMBER if kind is Kind.NUMBER else LONGEST_TEXT
    least = keys["least"].whole(0, greatest) if "least" in keys else 0
    most = keys["most"].whole(0, greatest) if "most" in keys else Question.most
    if kind is Kind.NUMBER and "most" not in keys:
        raise node.mistake("most is missing: a number has a greatest value")
    if least > most:
        raise keys["least"].mistake("is greater than most")
    return Question(
        code,
        kind,
        keys["es"].text(),
        keys["en"].text(),
        _options(node, keys, kind),
        *hint,
        required=keys["required"].truth() if "required" in keys else False,
        relevant=_condition(keys["relevant"]) if "relevant" in keys else None,
        tier=TIERS[keys["tier"].word(TIERS, "tier")] if "tier" in keys else None,
        codelist=keys["codelist"].text() if "codelist" in keys else "",
        within=keys["within"].text() if "within" in keys else "",
        least=least,
        most=most,
        doubt=_doubt(keys["doubt"]) if "doubt" in keys else None,
    )


def _header(node: Node) -> tuple[Header, list[str]]:
    """The header, and the codes of the sections in the order of the reception."""
    keys = node.mapping(HEADER_KEYS, HEADER_KEYS)
    header = Header(
        version=keys["version"].whole(1, 999),
        institution=keys["institution"].text(),
        tier=TIERS[keys["tier"].word(TIERS, "tier")],
        es=_both(keys["name"])[0],
        en=_both(keys["name"])[1],
        facts=tuple(_fact(each) for each in keys["facts"].items(1)),
    )
    return header, [_code(each) for each in keys["sections"].items(1)]


def _fact(node: Node) -> Fact:
    keys = node.mapping(FACT_KEYS, ("fact",))
    node = _of(node, _code(keys["fact"]))
    keys = node.mapping(FACT_KEYS, ("fact", "name", "fields"))
    times = keys["times"].whole(2, 9) if "times" in keys else 1
    fields = tuple(question(each) for each in keys["fields"].items(1))
    return Fact(node.subject, *_both(keys["name"]), fields, times)


def _options(node: Node, keys: Mapping[str, Node], kind: Kind) -> tuple[Option, ...]:
    """The answers to choose from; «No se sabe» is always one of them."""
    unknown = Option(UNKNOWN, *YES_NO_UNKNOWN[UNKNOWN])
    if kind is Kind.YES_NO:
        _refuse(keys, ("options", "none", "codelist"), "yes and no are its answers")
        return tuple(Option(answer, *words) for answer, words in YES_NO_UNKNOWN.items())
    if kind not in (Kind.CHOICE, Kind.SEVERAL):
        _refuse(keys, ("options", "none", "codelist"), f"a {kind.value} has no answers to choose from")
        return ()
    if ("none" in keys) != (kind is Kind.SEVERAL):
        raise node.mistake("none: a question that takes several says what none of them is called, no other does")
    none = (Option(NONE, *_both(keys["none"])),) if "none" in keys else ()
    if "codelist" in keys:
        _refuse(keys, ("options",), "the answers come from the code list")
        return none
    if "options" not in keys:
        raise node.mistake("options is missing, or codelist")
    listed = []
    for code, words in keys["options"].mapping().items():
        if not _OPTION.fullmatch(code) or code in (UNKNOWN, NOT_APPLICABLE):
            raise words.mistake("a code is in capitals, figures and underscores, 20 at most")
        if none and code == NONE:
            raise words.mistake("NONE is what `none` stands for")
        listed.append(Option(code, *_both(words)))
    if len(listed) < 2:
        raise keys["options"].mistake("should have 2 answers or more")
    return (*listed, *none, unknown)


def _refuse(keys: Mapping[str, Node], names: Sequence[str], why: str) -> None:
    for name in names:
        if name in keys:
            raise keys[name].mistake(why)


def _condition(node: Node) -> Condition:
    try:
        return read(node.text())
    except UnclearCondition as unclear:
        raise node.mistake(str(unclear)) from unclear


def _doubt(node: Node) -> Doubt:
    keys = node.mapping(("if", "es", "en"), ("if", "es", "en"))
    return Doubt(_condition(keys["if"]), keys["es"].text(), keys["en"].text())


def _both(node: Node) -> tuple[str, str]:
    """A text in both languages."""
    keys = node.mapping(("es", "en"), ("es", "en"))
    return keys["es"].text(), keys["en"].text()


def _code(node: Node) -> str:
    code = node.text()
    if not _CODE.fullmatch(code):
        raise node.mistake(f"should be small letters, figures and underscores, 30 at most, not {code}")
    return code


def _of(node: Node, subject: str) -> Node:
    return replace(node, subject=subject, key="")


def _one(path: Path) -> Node:
    try:
        found = documents(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as refused:
        raise UnclearDefinition(f"{path.name}: this cannot be read as a text in UTF-8: {refused}") from refused
    if len(found) > 1:
        raise UnclearDefinition(f"{path.name}: a file has one definition, not {len(found)}")
    return found[0]


def _check_file(path: Path, form: SectionForm, order: Iterable[str]) -> None:
    if path.name != f"{form.code}-{form.version}.yaml":
        raise UnclearDefinition(f"{path.name}: version {form.version} of {form.code} stands in the wrong file")
    if form.code not in order:
        raise UnclearDefinition(f"{path.name}: {form.code} is not in the order of the sections of header.yaml")
