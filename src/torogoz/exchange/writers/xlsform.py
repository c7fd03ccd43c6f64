"""A blank form as an XLSForm, the workbook that ODK, Kobo and Enketo convert: https://xlsform.org ."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Final

import xlsxwriter

from torogoz.domain.questions import Kind
from torogoz.exchange.blankforms.outline import FILE_LABEL, Asked, BlankForm, Group, Lists, answers_of, outline, walk
from torogoz.exchange.blankforms.xpath import Rules, constraint, constraint_message
from torogoz.exchange.writers.xform import LANGUAGES, list_name

Row = dict[str, str]
TYPES: Final = {
    Kind.TEXT: "text",
    Kind.NUMBER: "integer",
    Kind.DAY: "date",
    Kind.TIME: "time",
    Kind.PARTIAL_DATE: "text",
}
SURVEY: Final = (
    "type", "name", *(f"{part}::{name}" for part in ("label", "hint") for name in LANGUAGES.values()),
    "required", "relevant", "constraint", *(f"constraint_message::{name}" for name in LANGUAGES.values()),
    "choice_filter", "appearance",
)  # fmt: skip
CHOICES: Final = ("list_name", "name", *(f"label::{name}" for name in LANGUAGES.values()), "within")
BEGINNING: Final = datetime.fromisoformat("2026-01-01")  # a workbook knows no zones of time
SETTINGS: Final = ("form_title", "form_id", "version", "default_language", "name")


def xlsform(form: BlankForm, lists: Lists) -> bytes:
    """The form as a workbook with the sheets survey, choices and settings; the same rules as `xform` has.

    lists   the codes of every code list of the form
    raises  ListMissing
    """
    survey, choices = _survey(form), _choices(form, lists)
    setting = {
        "form_title": form.es,
        "form_id": form.id,
        "version": form.version,
        "default_language": LANGUAGES["es"],
        "name": "data",
    }
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        # Nothing in the workbook says when it was made: the same form gives the same bytes.
        book.set_properties({"title": form.es, "created": BEGINNING})
        _sheet(book, "survey", SURVEY, survey)
        _sheet(book, "choices", CHOICES, choices)
        _sheet(book, "settings", SETTINGS, [setting])
    return made.getvalue()


def _survey(form: BlankForm) -> list[Row]:
    groups = outline(form)
    rules = Rules({each.name: each for _, each in walk(groups)}, lambda name: f"${{{name}}}")

    def rows(node: Group | Asked) -> Iterator[Row]:
        if isinstance(node, Asked):
            yield _question(node, rules)
            return
        relevant = f"${{{node.after}}} != ''" if node.after else ""
        yield {"type": "begin group", "name": node.name, "relevant": relevant, **_both("label", node.es, node.en)}
        for child in node.children:
            yield from rows(child)
        if node.file:
            yield {"type": "image", "name": node.file, **_both("label", *FILE_LABEL)}
        yield {"type": "end group", "name": node.name}

    return [row for group in groups for row in rows(group)]


def _question(each: Asked, rules: Rules) -> Row:
    question = each.question
    if question.kind in TYPES:
        kind = TYPES[question.kind]
    else:
        kind = f"{'select_multiple' if question.kind is Kind.SEVERAL else 'select_one'} {_list(each)}"
    required = rules.required(each)
    row = {
        "type": kind,
        "name": each.name,
        **_both("label", question.es, question.en),
        **_both("hint", question.hint_es, question.hint_en),
        "required": "yes" if required == "true()" else required,
        "relevant": rules.relevant(each),
        "constraint": constraint(question),
        "choice_filter": f"within = ${{{question.within}}} or within = ''" if question.within else "",
        "appearance": "minimal" if question.codelist else "",
    }
    if row["constraint"]:
        row |= _both("constraint_message", *(constraint_message(question, language) for language in LANGUAGES))
    return row


def _choices(form: BlankForm, lists: Lists) -> list[Row]:
    found: dict[str, list[Row]] = {}
    for _, each in walk(outline(form)):
        answers = answers_of(each.question, lists)
        if answers and _list(each) not in found:
            found[_list(each)] = [
                {"list_name": _list(each), "name": one.code, **_both("label", one.es, one.en), "within": one.within}
                for one in answers
            ]
    return [row for rows in found.values() for row in rows]


def _list(each: Asked) -> str:
    if each.question.codelist:
        return list_name(each.question)
    return "yes_no" if each.question.kind is Kind.YES_NO else each.name


def _both(column: str, es: str, en: str) -> Row:
    return {f"{column}::{name}": words for name, words in zip(LANGUAGES.values(), (es, en), strict=True)}


def _sheet(book: xlsxwriter.Workbook, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
        for line, row in enumerate(rows, 1):
            if row.get(column):
                sheet.write_string(line, place, row[column])
