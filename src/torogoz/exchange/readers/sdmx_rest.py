"""Reading what an SDMX REST 2.x address asks for. Everything that is wrong is said with its reason and HTTP status.

Source: SDMX-REST 2.1 and 2.2 (data, availability and structure queries; HTTP status codes).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from typing import Final
from urllib.parse import unquote

OPERATORS: Final = ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")
WILDCARDS: Final = ("*", "", "all")
LONGEST: Final = 8_000
MOST_VALUES: Final = 2_000
_FILTER = re.compile(r"c\[(?P<name>[^\]]*)\]")
_VERSION = re.compile(r"\d{1,9}\+?(\.\d{1,9}\+?){0,2}\+?")
_NAME = re.compile(r"[A-Za-z0-9_@$-]+")


class Refused(Exception):
    """A question that gets no answer: the HTTP status, SDMX's number for it, and the reason in words."""

    status = 400
    code = 140
    title = "The question cannot be read"


class TooLong(Refused):
    """The address is longer than is read."""

    status, code, title = 414, 130, "The address is too long"


class Unprocessable(Refused):
    """The question can be read, but asks for what cannot be."""

    status, code, title = 422, 150, "The question makes no sense"


class NothingFound(Refused):
    """Nothing answers the question."""

    status, code, title = 404, 100, "Nothing was found"


class TooLarge(Refused):
    """The answer would be larger than is given at once."""

    status, code, title = 413, 510, "The answer is too large"


class NotAcceptable(Refused):
    """The format that is asked for is not written."""

    status, code, title = 406, 140, "The format is not offered"


class NotOffered(Refused):
    """A kind of question of the standard that this service does not answer."""

    status, code, title = 501, 501, "Not implemented"


@dataclass(frozen=True)
class Term:
    """One comparison: an operator and a value."""

    operator: str
    value: str


# Alternatives, each of terms that must hold together: c[X]=ge:A+le:B,C is (X >= A and X <= B) or X = C.
Condition = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True)
class Reference:
    """Which artefacts a path names: agency, id and version, each a code or `*`."""

    agencies: tuple[str, ...] = ("*",)
    ids: tuple[str, ...] = ("*",)
    versions: tuple[str, ...] = ("*",)

    def names(self, agency: str, name: str, version: str) -> bool:
        """Whether an artefact is named."""
        return (
            _among(agency, self.agencies)
            and _among(name, self.ids)
            and any(matches(version, wanted) for wanted in self.versions)
        )


@dataclass(frozen=True)
class Question:
    """What a data or availability query asks for.

    keys        for each key, for each dimension in order, the codes asked for (() for all)
    conditions  by component
    """

    reference: Reference
    keys: tuple[tuple[tuple[str, ...], ...], ...] = ()
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    updated_after: datetime | None = None
    as_of: datetime | None = None
    include_history: bool = False
    first: int | None = None
    last: int | None = None
    offset: int = 0
    limit: int | None = None
    at_observation: str = ""
    attributes: tuple[str, ...] = ("dsd",)
    measures: tuple[str, ...] = ("all",)
    sort: str = ""
    mode: str = "exact"
    references: tuple[str, ...] = ("none",)


DATA_PARAMETERS: Final = (
    "updatedAfter", "asOf", "includeHistory", "firstNObservations", "lastNObservations", "offset", "limit",
    "dimensionAtObservation", "attributes", "measures", "sort",
)  # fmt: skip
AVAILABILITY_PARAMETERS: Final = ("updatedAfter", "mode", "references")
STRUCTURE_PARAMETERS: Final = ("detail", "references")
EVERYWHERE: Final = ("format", "labels", "keys", "timeFormat", "lang")


def parameters(query: str, known: Collection[str]) -> dict[str, str]:
    """The parameters of an address, a plus sign being a plus sign. Raises Refused for what is unknown or repeated."""
    if len(query) > LONGEST:
        raise TooLong(f"the address has {len(query)} characters after the question mark; at most {LONGEST} are read")
    found: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        name = unquote(name)
        if name in found:
            raise Refused(f"{name} is given twice; several values are separated by commas")
        if not _FILTER.fullmatch(name) and name not in known:
            near = get_close_matches(name, [*known, "c[DIMENSION]"], n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(known))} and c[DIMENSION]"
            raise Refused(f"there is no parameter {name[:60]}{hint}")
        found[name] = unquote(value)
    return found


def reference(path: Sequence[str]) -> Reference:
    """Agency, id and version of a path, what is left out being all. Raises Refused."""
    parts = [tuple(filter(None, part.split(","))) or ("*",) for part in path[:3]]
    agencies, ids, versions = (parts[at] if at < len(parts) else ("*",) for at in range(3))
    for word in (*agencies, *ids):
        if word not in WILDCARDS and not all(_NAME.fullmatch(part) for part in word.split(".")):
            raise Refused(f"{word[:60]} is not an SDMX identifier")
    for word in versions:
        if word not in (*WILDCARDS, "+", "~", "latest") and not _VERSION.fullmatch(word):
            raise Refused(f"{word[:60]} is not a version; write 1.0.0, + for the latest, or * for all")
    return Reference(agencies, ids, versions)


def matches(version: str, wanted: str) -> bool:
    """Whether a version is one that `wanted` stands for: the same numbers, or at least those before a plus sign."""
    if wanted in (*WILDCARDS, "+", "~", "latest"):
        return True
    have = [int(number) for number in version.split(".")]
    for place, word in enumerate(wanted.split(".")):
        number = int(word.rstrip("+"))
        if word.endswith("+"):
            return have[place] >= number
        if have[place] != number:
            return False
    return True


def keys(text: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The keys of a path: D.USD.*,A.CHF is two keys; each position may be a code, several joined by +, or all."""
    if len(text) > LONGEST:
        raise TooLong(f"the key has {len(text)} characters; at most {LONGEST} are read")
    found = []
    for key in text.split(","):
        if key in WILDCARDS:
            return ()
        found.append(
            tuple(() if part in WILDCARDS else tuple(filter(None, part.split("+"))) for part in key.split("."))
        )
    return tuple(found)


def condition(name: str, text: str) -> Condition:
    """The condition that c[name]=text says. Raises Refused."""
    alternatives = []
    for alternative in text.split(","):
        terms = []
        for term in alternative.split("+"):
            operator, colon, value = term.partition(":")
            if not colon or operator not in OPERATORS:
                if colon and re.fullmatch(r"[a-z]{2}", operator):
                    raise Refused(f"c[{name}]: there is no operator {operator}; there are {', '.join(OPERATORS)}")
                operator, value = "eq", term
            if not value:
                raise Refused(f"c[{name}] has no value")
            terms.append(Term(operator, value))
        alternatives.append(tuple(terms))
    if sum(map(len, alternatives)) > MOST_VALUES:
        raise TooLong(f"c[{name}] has more than {MOST_VALUES} values")
    return tuple(alternatives)


def question(path: Sequence[str], given: Mapping[str, str], zone: tzinfo) -> Question:
    """What a data or availability query asks for.

    path   agency, id, version, key; what is left out is all
    given  as `parameters` gives them
    zone   for moments without an offset
    raises Refused, TooLong, Unprocessable
    """
    conditions = {
        match["name"]: condition(match["name"], text)
        for name, text in given.items()
        if (match := _FILTER.fullmatch(name))
    }
    after = _moment("updatedAfter", given, zone)
    as_of = _moment("asOf", given, zone)
    if after is not None and as_of is not None and after > as_of:
        raise Unprocessable("updatedAfter is later than asOf: nothing can have been updated between them")
    history = _boolean("includeHistory", given)
    if history and after is not None:
        raise Unprocessable(
            "includeHistory and updatedAfter exclude each other: all versions, or the latest of changes"
        )
    return Question(
        reference=reference(path),
        keys=keys(path[3]) if len(path) > 3 else (),
        conditions=conditions,
        updated_after=after,
        as_of=as_of,
        include_history=history,
        first=_number("firstNObservations", given, least=1),
        last=_number("lastNObservations", given, least=1),
        offset=_number("offset", given, least=0) or 0,
        limit=_number("limit", given, least=1),
        at_observation=given.get("dimensionAtObservation", ""),
        attributes=_several("attributes", given, "dsd"),
        measures=_several("measures", given, "all"),
        sort=given.get("sort", ""),
        mode=_one_of("mode", given, ("exact", "available")),
        references=_several("references", given, "none"),
    )


def chosen(name: str, given: Mapping[str, str], choices: Sequence[str]) -> str:
    """The value of a parameter that has few; the first one unless told. Raises Refused."""
    return _one_of(name, given, choices)


def _among(name: str, wanted: Sequence[str]) -> bool:
    return any(word in WILDCARDS or word == name for word in wanted)


def _several(name: str, given: Mapping[str, str], otherwise: str) -> tuple[str, ...]:
    return tuple(filter(None, given.get(name, "").split(","))) or (otherwise,)


def _one_of(name: str, given: Mapping[str, str], choices: Sequence[str]) -> str:
    value = given.get(name, choices[0])
    if value not in choices:
        raise Refused(f"{name} is {' or '.join(choices)}, not {value[:60]}")
    return value


def _boolean(name: str, given: Mapping[str, str]) -> bool:
    return _one_of(name, {name: given[name].lower()} if name in given else {}, ("false", "true")) == "true"


def _number(name: str, given: Mapping[str, str], *, least: int) -> int | None:
    if name not in given:
        return None
    text = given[name]
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < least:
        raise Refused(f"{name} is a whole number from {least} to {10**9 - 1}, not {text[:60]}")
    return int(text)


def _moment(name: str, given: Mapping[str, str], zone: tzinfo) -> datetime | None:
    """The moment that a parameter says, in UTC; one without a zone is read in `zone`. Raises Refused."""
    if name not in given:
        return None
    try:
        moment = datetime.fromisoformat(given[name])
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last day of the calendar are outside it in another zone
        raise Refused(f"{name} is a moment such as 2026-11-01T09:00:00-06:00, not {given[name][:60]}") from None
