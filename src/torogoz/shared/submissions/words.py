"""How a schema is said to the person who fills it in."""

from collections.abc import Iterator
from dataclasses import dataclass

from torogoz.statistics.rules import words
from torogoz.statistics.rules.schema import Field, TableSchema


@dataclass(frozen=True)
class FieldSaid:
    """One column: its name, what it means, and what its cells must be."""

    name: str
    title: str
    required: bool
    identifying: bool
    asks: tuple[str, ...]


def fields_said(schema: TableSchema, language: str) -> list[FieldSaid]:
    """The columns of a schema in the reader's language."""
    return [
        FieldSaid(
            name=field.name,
            title=field.title_en if language == "en" else field.title_es,
            required=field.required or field.name in schema.primary_key,
            identifying=field.identifying,
            asks=tuple(said.en if language == "en" else said.es for said in _asked(field)),
        )
        for field in schema.fields
    ]


def rules_said(schema: TableSchema, language: str) -> list[str]:
    """What the columns of a row owe each other."""
    every = [words.of_rule(rule) for rule in schema.rules]
    if schema.primary_key:
        names = ", ".join(schema.primary_key)
        key = words.Said(
            f"La clave de la fila ({names}) no se repite.", f"The key of the row ({names}) is not repeated."
        )
        every.insert(0, key)
    return [said.en if language == "en" else said.es for said in every]


def _asked(field: Field) -> Iterator[words.Said]:
    yield words.of_kind(field)
    given = {
        "enum": field.codes,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "maxLength": field.max_length,
        "pattern": field.pattern,
    }
    for word, value in given.items():
        if value:
            yield words.of_constraint(field, word)
