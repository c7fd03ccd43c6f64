"""Reading a Table Schema of Frictionless Data (JSON), with our own words for severity and rules across fields.

Ours stand under `x-torogoz`: at the root `name`, `version`, `title_es`, `title_en`, `institutions`, `rules`, and
`submitter` (the field that must name the institution that hands the file in); in a field `title_es`, `title_en`,
`identifying`, `severity`. A word that is not followed is reported by its place, never ignored in silence; a schema that
cannot be followed as it stands is refused whole.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from torogoz.statistics.rules.parsing import TEXT_FORMATS
from torogoz.statistics.rules.schema import (
    Adds,
    Compare,
    Condition,
    Demand,
    Field,
    ForeignKey,
    Implies,
    InOrder,
    Kind,
    NotFuture,
    RowRule,
    SchemaUnclear,
    Severity,
    TableSchema,
)

OURS: Final = "x-torogoz"
_DESCRIPTIVE: Final = frozenset({"$schema", "title", "description", "example", "rdfType", "name"})
_ROOT: Final = frozenset(
    {"fields", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys", "fieldsMatch", OURS, *_DESCRIPTIVE}
)
_FIELD: Final = frozenset(
    {"type", "format", "constraints", "missingValues", "bareNumber", "decimalChar", "groupChar", "trueValues",
     "falseValues", "categories", "categoriesOrdered", OURS, *_DESCRIPTIVE}
)  # fmt: skip
_CONSTRAINTS: Final = frozenset(
    {"required", "unique", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
     "pattern", "enum"}
)  # fmt: skip
_OUR_ROOT: Final = frozenset({"name", "version", "title_es", "title_en", "institutions", "rules", "submitter"})
_OUR_FIELD: Final = frozenset({"title_es", "title_en", "identifying", "severity"})
_RULE: Final = frozenset({"name", "severity", "es", "en"})
_DEMANDS: Final = ("compare", "order", "sum", "if", "not_future")
_CONDITION: Final = frozenset({"field", "present", "in", "not_in", "minimum", "maximum"})
_MATCHES: Final = ("exact", "equal", "subset", "superset", "partial")
_SIGNS: Final = ("<", "<=", "=", ">=", ">", "!=")


def read(path: Path) -> TableSchema:
    """The schema in a file. Raises SchemaUnclear, saying where; OSError if the file cannot be opened."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as wrong:
        raise SchemaUnclear(f"{path.name} is not JSON in UTF-8: {wrong}") from wrong
    return of(found)


def of(found: Any) -> TableSchema:
    """The schema that a JSON document states. Raises SchemaUnclear."""
    if not isinstance(found, Mapping) or not isinstance(found.get("fields"), list) or not found["fields"]:
        raise SchemaUnclear("a Table Schema is an object with a list of `fields`, at least one")
    strange: list[str] = _strange(found, _ROOT, "")
    fields = tuple(_field(each, place, strange) for place, each in enumerate(found["fields"]))
    names = [each.name for each in fields]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise SchemaUnclear(f"fields of the same name: {', '.join(repeated)}")
    ours = _mapping(found.get(OURS, {}), OURS)
    strange += _strange(ours, _OUR_ROOT, f"{OURS}.")
    match = found.get("fieldsMatch", "equal")
    if isinstance(match, list):
        match = match[0] if match else "equal"
    if match not in _MATCHES:
        raise SchemaUnclear(f"fieldsMatch is one of {', '.join(_MATCHES)}, not {match!r}")
    schema = TableSchema(
        fields=fields,
        missing_values=_missing(found.get("missingValues", [""])),
        primary_key=_texts(found.get("primaryKey", ())),
        unique_keys=tuple(_texts(key) for key in found.get("uniqueKeys", ())),
        foreign_keys=tuple(_foreign_key(each) for each in found.get("foreignKeys", ())),
        rules=tuple(_rule(each, place, strange) for place, each in enumerate(ours.get("rules", ()))),
        fields_match=match,
        name=str(ours.get("name", found.get("name", ""))),
        version=str(ours.get("version", "1")),
        title_es=str(ours.get("title_es", found.get("title", ""))),
        title_en=str(ours.get("title_en", found.get("title", ""))),
        institutions=_texts(ours.get("institutions", ())),
        not_known=tuple(strange),
        submitter=str(ours.get("submitter", "")),
    )
    _check_names(schema)
    return schema


def _field(found: Any, place: int, strange: list[str]) -> Field:
    where = f"fields[{place}]"
    found = _mapping(found, where)
    name = found.get("name")
    if not isinstance(name, str) or not name:
        raise SchemaUnclear(f"{where} has no name")
    strange += _strange(found, _FIELD, f"{where}.")
    kind = _kind(found.get("type", "string"), name)
    constraints = _mapping(found.get("constraints", {}), f"{where}.constraints")
    strange += _strange(constraints, _CONSTRAINTS, f"{where}.constraints.")
    ours = _mapping(found.get(OURS, {}), f"{where}.{OURS}")
    strange += _strange(ours, _OUR_FIELD, f"{where}.{OURS}.")
    if found.get("categoriesOrdered"):
        strange.append(f"{where}.categoriesOrdered")
    title = str(found.get("title", ""))
    codes = constraints.get("enum") or [
        each["value"] if isinstance(each, Mapping) else each for each in found.get("categories", ())
    ]
    return Field(
        name=name,
        kind=kind,
        format=_format(str(found.get("format", "default")), kind, name),
        title_es=str(ours.get("title_es", title)),
        title_en=str(ours.get("title_en", title)),
        required=bool(constraints.get("required", False)),
        unique=bool(constraints.get("unique", False)),
        codes=_texts(codes),
        minimum=_text(constraints.get("minimum")),
        maximum=_text(constraints.get("maximum")),
        exclusive_minimum=_text(constraints.get("exclusiveMinimum")),
        exclusive_maximum=_text(constraints.get("exclusiveMaximum")),
        min_length=_whole(constraints.get("minLength"), f"{where}.constraints.minLength"),
        max_length=_whole(constraints.get("maxLength"), f"{where}.constraints.maxLength"),
        pattern=_text(constraints.get("pattern")),
        bare_number=bool(found.get("bareNumber", True)),
        decimal_char=str(found.get("decimalChar", ".")),
        group_char=str(found.get("groupChar", "")),
        true_values=_texts(found.get("trueValues", Field.true_values)),
        false_values=_texts(found.get("falseValues", Field.false_values)),
        missing_values=_missing(found["missingValues"]) if "missingValues" in found else None,
        identifying=bool(ours.get("identifying", False)),
        severity={word: _severity(level, where) for word, level in _mapping(ours.get("severity", {}), where).items()},
    )


def _kind(word: Any, name: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        known = ", ".join(kind.value for kind in Kind)
        raise SchemaUnclear(
            f"field {name!r}: columns of type {word!r} are not checked here; known are {known}"
        ) from None


def _format(word: str, kind: Kind, name: str) -> str:
    if word == "default":
        return word
    if kind in (Kind.DATE, Kind.DATETIME, Kind.TIME):
        if "%" in word:
            return word
        raise SchemaUnclear(
            f"field {name!r}: the format {word!r} leaves open which number is the day and which the month; write a "
            "pattern such as %d/%m/%Y"
        )
    if kind is Kind.STRING and word in TEXT_FORMATS:
        return word
    raise SchemaUnclear(f"field {name!r}: the format {word!r} of {kind.value} is not checked here")


def _foreign_key(found: Any) -> ForeignKey:
    found = _mapping(found, "foreignKeys")
    reference = _mapping(found.get("reference", {}), "foreignKeys.reference")
    fields, others = _texts(found.get("fields", ())), _texts(reference.get("fields", ()))
    if not fields or len(fields) != len(others):
        raise SchemaUnclear("a foreign key names as many fields here as in the table that it points to")
    return ForeignKey(fields, str(reference.get("resource", "")), others)


def _rule(found: Any, place: int, strange: list[str]) -> RowRule:
    where = f"{OURS}.rules[{place}]"
    found = _mapping(found, where)
    asked = [word for word in _DEMANDS if word in found]
    if len(asked) != 1:
        raise SchemaUnclear(f"{where} makes one demand, of {', '.join(_DEMANDS)}; it has {', '.join(asked) or 'none'}")
    known = {
        *_RULE,
        asked[0],
        *({"equals", "tolerance"} if asked == ["sum"] else ()),
        *({"then"} if asked == ["if"] else ()),
    }
    strange += _strange(found, known, f"{where}.")
    return RowRule(
        name=str(found.get("name", f"{asked[0]} {place + 1}")),
        demand=_demand(asked[0], found, where),
        severity=_severity(found.get("severity", "error"), where),
        es=str(found.get("es", "")),
        en=str(found.get("en", "")),
    )


def _demand(word: str, found: Mapping[str, Any], where: str) -> Demand:
    body = found[word]
    match word:
        case "compare":
            if not isinstance(body, list) or len(body) != 3 or body[1] not in _SIGNS:
                raise SchemaUnclear(f"{where}.compare is [field, sign, field], the sign one of {', '.join(_SIGNS)}")
            return Compare(str(body[0]), str(body[1]), str(body[2]))
        case "order":
            if not isinstance(body, list) or len(body) < 2:
                raise SchemaUnclear(f"{where}.order is a list of two fields or more")
            return InOrder(_texts(body))
        case "sum":
            if not isinstance(body, list) or not body or "equals" not in found:
                raise SchemaUnclear(f"{where}.sum is a list of fields, with the field that it `equals`")
            return Adds(_texts(body), str(found["equals"]), float(found.get("tolerance", 0)))
        case "if":
            if "then" not in found:
                raise SchemaUnclear(f"{where}.if comes with a `then`")
            return Implies(_condition(body, f"{where}.if"), _condition(found["then"], f"{where}.then"))
        case _:
            return NotFuture(str(body))


def _condition(found: Any, where: str) -> Condition:
    found = _mapping(found, where)
    strange = _strange(found, _CONDITION, f"{where}.")
    if strange or "field" not in found or len(found) < 2:
        raise SchemaUnclear(
            f"{where} names a `field` and asks `present`, `in`, `not_in`, `minimum` or `maximum` of it"
            + (f"; it has {', '.join(strange)}" if strange else "")
        )
    return Condition(
        field=str(found["field"]),
        present=bool(found["present"]) if "present" in found else None,
        is_in=_texts(found["in"]) if "in" in found else None,
        not_in=_texts(found["not_in"]) if "not_in" in found else None,
        minimum=_text(found.get("minimum")),
        maximum=_text(found.get("maximum")),
    )


def _check_names(schema: TableSchema) -> None:
    """Every field that a key or a rule names must exist. Raises SchemaUnclear."""
    keys = [schema.primary_key, *schema.unique_keys, *(key.fields for key in schema.foreign_keys)]
    keys += [(schema.submitter,)] if schema.submitter else []
    own = [key.other_fields for key in schema.foreign_keys if not key.resource]
    for name in (name for names in (*keys, *own, *(rule.fields for rule in schema.rules)) for name in names):
        schema.field(name)


def _strange(found: Mapping[str, Any], known: Iterable[str], where: str) -> list[str]:
    return [f"{where}{word}" for word in found if word not in set(known)]


def _mapping(found: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise SchemaUnclear(f"{where} must be an object")
    return found


def _severity(word: Any, where: str) -> Severity:
    try:
        return Severity(word)
    except ValueError:
        raise SchemaUnclear(f"{where}: a severity is error or warning, not {word!r}") from None


def _missing(found: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(each["value"]) if isinstance(each, Mapping) else str(each) for each in found)


def _texts(found: Any) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(_text(each) or "" for each in found)


def _text(found: Any) -> str | None:
    """A value as a cell would write it."""
    if found is None:
        return None
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(int(found)) if isinstance(found, float) and found.is_integer() else str(found)


def _whole(found: Any, where: str) -> int | None:
    if found is None or (isinstance(found, int) and not isinstance(found, bool) and found >= 0):
        return found
    raise SchemaUnclear(f"{where} must be a whole number")
