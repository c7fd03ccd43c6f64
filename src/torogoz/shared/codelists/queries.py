"""Codes and their names, in the language of the reader; and the provisions of the 2017 text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Q

from torogoz.domain.alphabet import alphabetical
from torogoz.domain.conditions import UNKNOWN
from torogoz.domain.questions import Option, SectionForm
from torogoz.shared.codelists.models import Code
from torogoz.shared.codelists.shipped import rows

TOTAL = "_T"


def names(codelist: str, language: str) -> dict[str, str]:
    """The name of every code of `codelist`, in the order of the list. `language` is es or en."""
    field = _name_field(language)
    codes = Code.objects.filter(codelist=codelist).order_by("position").values_list("code", field)
    return dict(codes)


def names_of(codelists: Iterable[str], language: str) -> dict[str, dict[str, str]]:
    """The same of several lists, by the name of each."""
    found: dict[str, dict[str, str]] = {each: {} for each in codelists}
    codes = Code.objects.filter(codelist__in=found).order_by("position")
    for codelist, code, name in codes.values_list("codelist", "code", _name_field(language)):
        found[codelist][code] = name
    return found


def options(codelist: str, language: str, on: date | None = None) -> list[tuple[str, str]]:
    """The codes that a person may choose on a day (default: those without an end), without the total."""
    field = _name_field(language)
    codes = Code.objects.filter(codelist=codelist).exclude(code=TOTAL)
    if on is None:
        codes = codes.filter(valid_to__isnull=True)
    else:
        codes = codes.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
        codes = codes.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return list(codes.order_by("position").values_list("code", field))


def countries(language: str) -> list[tuple[str, str]]:
    """The countries of ISO 3166-1 by their alpha-3 code, in alphabetical order of their names."""
    field = _name_field(language)
    codes = Code.objects.filter(codelist="AREA", code__regex=r"^[A-Z]{3}$")
    return sorted(codes.values_list("code", field), key=lambda pair: alphabetical(pair[1]))


def answers_from(codelist: str) -> tuple[Option, ...]:
    """The codes that a question of a form takes its answers from, in both languages; of AREA the countries alone."""
    codes = Code.objects.filter(codelist=codelist, valid_to__isnull=True).exclude(code__in=(TOTAL, UNKNOWN))
    if codelist == "AREA":
        codes = codes.filter(code__regex=r"^[A-Z]{3}$")
    found = [Option(*row) for row in codes.order_by("position").values_list("code", "name_es", "name_en")]
    return tuple(sorted(found, key=lambda one: alphabetical(one.es)) if codelist == "AREA" else found)


def with_lists(form: SectionForm) -> SectionForm:
    """The form with the answers of its code lists."""
    asked = {question.codelist for question in form.questions if question.codelist}
    return form.with_lists({name: answers_from(name) for name in asked})


@dataclass(frozen=True)
class Provision:
    """One provision of the 2017 text, in the project's own words."""

    code: str
    system: str
    section: str
    subtheme: str
    kind: str
    role: str
    text_es: str
    text_en: str
    flags: tuple[str, ...]

    def text(self, language: str) -> str:
        return self.text_en if language == "en" else self.text_es


@cache
def provisions() -> tuple[Provision, ...]:
    """All 195 provisions, in the order of the text."""
    return tuple(
        Provision(
            code=row["code"],
            system=row["system"],
            section=row["section"],
            subtheme=row["subtheme"],
            kind=row["kind"],
            role=row["role"],
            text_es=row["name_es"],
            text_en=row["name_en"],
            flags=tuple(row["flags"].split()),
        )
        for row in rows("torogoz.shared.codelists", "provisions")
    )


def provisions_of(system: str) -> tuple[Provision, ...]:
    """The provisions that one demand (S1 … S17) answers."""
    return tuple(provision for provision in provisions() if provision.system == system)


def _name_field(language: str) -> str:
    return "name_en" if language.startswith("en") else "name_es"
