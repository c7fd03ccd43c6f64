"""What a broken rule is called, in both languages: what is wrong, and what the cell should be."""

from collections.abc import Sequence
from dataclasses import dataclass

from torogoz.statistics.rules.schema import (
    Adds,
    Compare,
    Condition,
    Field,
    ForeignKey,
    Implies,
    InOrder,
    Kind,
    NotFuture,
    RowRule,
)

FEW = 12


@dataclass(frozen=True)
class Said:
    """A sentence in Spanish and in English."""

    es: str
    en: str


KINDS = {
    Kind.STRING: Said("un texto", "a text"),
    Kind.INTEGER: Said("un número entero", "a whole number"),
    Kind.NUMBER: Said("un número", "a number"),
    Kind.BOOLEAN: Said("sí o no", "yes or no"),
    Kind.DATE: Said("una fecha", "a date"),
    Kind.DATETIME: Said("una fecha y hora", "a date and time"),
    Kind.TIME: Said("una hora", "a time"),
    Kind.YEAR: Said("un año de cuatro cifras", "a year of four digits"),
    Kind.YEARMONTH: Said("un mes como 2026-09", "a month such as 2026-09"),
    Kind.ANY: Said("un valor", "a value"),
}
SIGNS = {
    "<": Said("menor que", "less than"),
    "<=": Said("menor o igual que", "at most"),
    "=": Said("igual a", "equal to"),
    ">=": Said("mayor o igual que", "at least"),
    ">": Said("mayor que", "greater than"),
    "!=": Said("distinto de", "different from"),
}


def of_kind(field: Field) -> Said:
    """The cell is not what the field holds."""
    kind = KINDS[field.kind]
    how_es, how_en = "", ""
    if field.kind in (Kind.DATE, Kind.DATETIME, Kind.TIME):
        shape = {Kind.DATE: "2026-09-30", Kind.DATETIME: "2026-09-30 14:05:00", Kind.TIME: "14:05:00"}[field.kind]
        how = shape if field.format == "default" else field.format
        how_es, how_en = f", escrita como {how}", f", written as {how}"
    elif field.kind is Kind.BOOLEAN:
        words = ", ".join((*field.true_values, *field.false_values))
        how_es, how_en = f", escrito como {words}", f", written as {words}"
    elif field.format != "default":
        how_es, how_en = f" con forma de {field.format}", f" in the form of {field.format}"
    return Said(f"«{field.name}» debe ser {kind.es}{how_es}.", f"“{field.name}” must be {kind.en}{how_en}.")


def of_constraint(field: Field, word: str) -> Said:
    """The cell breaks a constraint of its field."""
    name, codes = field.name, _listed(field.codes)
    match word:
        case "required":
            return Said(f"«{name}» no puede quedar vacío.", f"“{name}” must not be empty.")
        case "unique":
            return Said(f"«{name}» se repite en otra fila.", f"“{name}” is repeated in another row.")
        case "enum":
            return Said(f"«{name}» debe ser uno de estos códigos: {codes}.", f"“{name}” must be one of: {codes}.")
        case "minimum":
            return Said(
                f"«{name}» no puede ser menor que {field.minimum}.", f"“{name}” must be at least {field.minimum}."
            )
        case "maximum":
            return Said(
                f"«{name}» no puede ser mayor que {field.maximum}.", f"“{name}” must be at most {field.maximum}."
            )
        case "exclusiveMinimum":
            bound = field.exclusive_minimum
            return Said(f"«{name}» debe ser mayor que {bound}.", f"“{name}” must be greater than {bound}.")
        case "exclusiveMaximum":
            bound = field.exclusive_maximum
            return Said(f"«{name}» debe ser menor que {bound}.", f"“{name}” must be less than {bound}.")
        case "minLength":
            least = field.min_length
            return Said(f"«{name}» debe tener {least} letras o más.", f"“{name}” must have {least} characters or more.")
        case "maxLength":
            most = field.max_length
            return Said(f"«{name}» puede tener {most} letras o menos.", f"“{name}” may have {most} characters at most.")
        case "pattern":
            return Said(f"«{name}» no tiene la forma {field.pattern}.", f"“{name}” is not of the form {field.pattern}.")
        case _:
            return Said(
                f"«{name}» comienza como una fórmula de hoja de cálculo.",
                f"“{name}” begins like a spreadsheet formula.",
            )


def of_key(fields: Sequence[str], word: str) -> Said:
    """The row shares its key with another, or lacks it."""
    names = _listed(fields)
    if word == "keyMissing":
        return Said(
            f"La clave de la fila ({names}) falta o no se puede leer.",
            f"The key of the row ({names}) is missing or cannot be read.",
        )
    return Said(
        f"Otra fila tiene la misma clave ({names}); no se puede saber cuál vale.",
        f"Another row has the same key ({names}); which of them holds cannot be known.",
    )


def of_foreign_key(key: ForeignKey) -> Said:
    """The value stands in no row of the table that it points to."""
    names, others = _listed(key.fields), _listed(key.other_fields)
    where_es = f"la tabla {key.resource}" if key.resource else "este archivo"
    where_en = f"the table {key.resource}" if key.resource else "this file"
    return Said(f"«{names}» no existe en {where_es} ({others}).", f"“{names}” does not occur in {where_en} ({others}).")


def of_rule(rule: RowRule) -> Said:
    """The row breaks a rule across its fields; in the schema's own words where it has them."""
    made = _made(rule)
    return Said(rule.es or made.es, rule.en or made.en)


def _made(rule: RowRule) -> Said:
    match rule.demand:
        case Compare(left, sign, right):
            word = SIGNS[sign]
            return Said(f"«{left}» debe ser {word.es} «{right}».", f"“{left}” must be {word.en} “{right}”.")
        case InOrder(fields):
            names = _listed(fields)
            return Said(
                f"Las fechas deben ir en este orden: {names}.", f"The dates must follow in this order: {names}."
            )
        case Adds(parts, total):
            names = " + ".join(parts)
            return Said(f"{names} debe sumar «{total}».", f"{names} must add up to “{total}”.")
        case Implies(when, then):
            given, asked = _if(when), _if(then)
            return Said(f"Si {given.es}, entonces {asked.es}.", f"If {given.en}, then {asked.en}.")
        case NotFuture(field):
            return Said(f"«{field}» no puede estar en el futuro.", f"“{field}” must not lie in the future.")


def _if(condition: Condition) -> Said:
    """What a condition asks of its column, as a part of a sentence."""
    said: list[Said] = []
    if condition.present is not None:
        said.append(Said("debe tener dato", "is given") if condition.present else Said("queda vacío", "is empty"))
    if condition.is_in is not None:
        said.append(Said(f"es {_listed(condition.is_in, ' o ')}", f"is {_listed(condition.is_in, ' or ')}"))
    if condition.not_in is not None:
        said.append(Said(f"no es {_listed(condition.not_in, ' ni ')}", f"is not {_listed(condition.not_in, ' or ')}"))
    if condition.minimum is not None:
        said.append(Said(f"es {condition.minimum} o más", f"is {condition.minimum} or more"))
    if condition.maximum is not None:
        said.append(Said(f"es {condition.maximum} o menos", f"is {condition.maximum} or less"))
    return Said(
        f"«{condition.field}» {' y '.join(each.es for each in said)}",
        f"“{condition.field}” {' and '.join(each.en for each in said)}",
    )


def _listed(names: Sequence[str], between: str = ", ") -> str:
    shown = between.join(names[:FEW])
    return shown if len(names) <= FEW else f"{shown} …"
