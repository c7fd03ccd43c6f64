"""Conditions of questions: «court applies when warrant = YES». A small closed language: read, evaluated, put in words.

    condition   = and-part { "or" and-part }
    and-part    = part { "and" part }
    part        = "not" part | "(" condition ")" | test
    test        = FACT ("=" | "!=") CODE | FACT "in" "(" CODE { "," CODE } ")" | FACT "has" CODE
                | FACT ("<" | "<=" | ">" | ">=") WHOLE-NUMBER

The value of a condition is yes, no or unknown, as Kleene's logic has it: unknown is never no. So a question is left out
only where its condition is surely not met, and required only where it surely is.
"""

import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "_U"
"""The answer «No se sabe»: what was asked, and is not known."""

NOT_APPLICABLE: Final = "_Z"
"""In the place of an answer: the question does not apply. Whatever is tested about it is not so."""

Truth = bool | None
"""Yes, no, or None: it is not known."""

Values = Mapping[str, object]
"""What is known, by fact: a code, a list of codes, a text or a whole number. What is not there is not known."""

COMPARISONS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TOKEN: Final = re.compile(r"\s*(?:(<=|>=|!=|[=<>(),])|([A-Za-z_][A-Za-z0-9_]*)|(-?\d+))")
_WORDS: Final = frozenset({"and", "or", "not", "in", "has"})


class UnclearCondition(ValueError):
    """A condition that cannot be understood. The message says what was expected, and where."""


@dataclass(frozen=True)
class Is:
    """The fact has one of these codes."""

    fact: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Has:
    """Among the answers to a question that takes several, this one."""

    fact: str
    code: str


@dataclass(frozen=True)
class Compares:
    """The number stands so to another."""

    fact: str
    sign: str
    number: int


@dataclass(frozen=True)
class Not:
    """The condition is not met."""

    of: "Condition"


@dataclass(frozen=True)
class All:
    """Every part is met."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Some:
    """One part at least is met."""

    parts: tuple["Condition", ...]


Test = Is | Has | Compares
Condition = Test | Not | All | Some


def read(text: str) -> Condition:
    """The condition that a text states. Raises UnclearCondition."""
    reading = _Reading(text)
    condition = reading.condition()
    if reading.left:
        raise UnclearCondition(f"“{text}”: nothing is expected at “{reading.left[0]}”")
    return condition


def met(condition: Condition, values: Values) -> Truth:
    """Whether the condition is met by what is known; None when that does not follow."""
    match condition:
        case Not(of):
            inner = met(of, values)
            return None if inner is None else not inner
        case All(parts):
            return _all([met(part, values) for part in parts])
        case Some(parts):
            found = _all([_opposite(met(part, values)) for part in parts])
            return _opposite(found)
        case _:
            return _tested(condition, values.get(condition.fact))


def tests(condition: Condition) -> Iterator[Test]:
    """Every test of the condition, in the order in which it is written."""
    match condition:
        case Not(of):
            yield from tests(of)
        case All(parts) | Some(parts):
            for part in parts:
                yield from tests(part)
        case _:
            yield condition


def facts(condition: Condition) -> frozenset[str]:
    """The facts that the condition looks at."""
    return frozenset(test.fact for test in tests(condition))


def in_words(condition: Condition, fact: Callable[[str], str], code: Callable[[str, str], str], language: str) -> str:
    """The condition in words: `fact` gives the words of a fact, `code` those of a code of a fact."""
    spanish = language.startswith("es")
    either, both, negated = ("o", "y", "no es así que") if spanish else ("or", "and", "it is not so that")

    def quoted(word: str) -> str:
        return f"«{word}»" if spanish else f"“{word}”"

    def said(part: Condition) -> str:
        match part:
            case Is(name, codes):
                listed = f" {either} ".join(quoted(code(name, one)) for one in codes)
                return f"{quoted(fact(name))} {'es' if spanish else 'is'} {listed}"
            case Has(name, one):
                return f"{quoted(fact(name))} {'incluye' if spanish else 'includes'} {quoted(code(name, one))}"
            case Compares(name, sign, number):
                return f"{quoted(fact(name))} {sign} {number}"
            case Not(Is(name, codes)):
                listed = f" {either} ".join(quoted(code(name, one)) for one in codes)
                return f"{quoted(fact(name))} {'no es' if spanish else 'is not'} {listed}"
            case Not(Has(name, one)):
                without = "no incluye" if spanish else "does not include"
                return f"{quoted(fact(name))} {without} {quoted(code(name, one))}"
            case Not(of):
                return f"{negated} ({said(of)})"
            case All(parts):
                return f" {both} ".join(f"({said(one)})" if isinstance(one, Some) else said(one) for one in parts)
            case Some(parts):
                return f" {either} ".join(said(one) for one in parts)

    return said(condition)


def _all(found: Collection[Truth]) -> Truth:
    if False in found:
        return False
    return None if None in found else True


def _opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _tested(test: Test, value: object) -> Truth:
    if value == NOT_APPLICABLE:
        return False
    if value is None or value in ("", UNKNOWN, [], [UNKNOWN]):
        return None
    match test:
        case Is(_, codes):
            return value in codes
        case Has(_, code):
            return code in value if isinstance(value, list | tuple) else None
        case Compares(_, sign, number):
            return COMPARISONS[sign](value, number) if isinstance(value, int) and not isinstance(value, bool) else None


class _Reading:
    """A text that is read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = self._tokens(text)

    def condition(self) -> Condition:
        parts = [self._and_part()]
        while self._take("or"):
            parts.append(self._and_part())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _and_part(self) -> Condition:
        parts = [self._part()]
        while self._take("and"):
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _part(self) -> Condition:
        if self._take("not"):
            return Not(self._part())
        if self._take("("):
            inner = self.condition()
            self._expect(")")
            return inner
        return self._test()

    def _test(self) -> Condition:
        fact = self._name("a fact")
        sign = self._next("a comparison")
        match sign:
            case "=":
                return Is(fact, (self._code(),))
            case "!=":
                return Not(Is(fact, (self._code(),)))
            case "has":
                return Has(fact, self._code())
            case "in":
                self._expect("(")
                codes = [self._code()]
                while self._take(","):
                    codes.append(self._code())
                self._expect(")")
                return Is(fact, tuple(codes))
        if sign not in COMPARISONS:
            raise self._unclear("a comparison (=, !=, in, has, <, <=, >, >=)", sign)
        number = self._next("a whole number")
        if not number.lstrip("-").isdigit():
            raise self._unclear("a whole number", number)
        return Compares(fact, sign, int(number))

    def _code(self) -> str:
        code = self._name("a code")
        if code in (UNKNOWN, NOT_APPLICABLE):
            raise UnclearCondition(f"“{self.text}”: {code} is no answer, so nothing can depend on it")
        return code

    def _name(self, what: str) -> str:
        name = self._next(what)
        if not re.fullmatch(r"[A-Za-z_]\w*", name) or name in _WORDS:
            raise self._unclear(what, name)
        return name

    def _take(self, token: str) -> bool:
        if self.left[:1] == [token]:
            self.left.pop(0)
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise self._unclear(f"“{token}”", self.left[0] if self.left else "")

    def _next(self, what: str) -> str:
        if not self.left:
            raise self._unclear(what, "")
        return self.left.pop(0)

    def _unclear(self, expected: str, found: str) -> UnclearCondition:
        return UnclearCondition(f"“{self.text}”: {expected} is expected, not {f'“{found}”' if found else 'the end'}")

    @staticmethod
    def _tokens(text: str) -> list[str]:
        tokens, at = [], 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise UnclearCondition(f"“{text}”: “{text[at:].strip()[0]}” means nothing here")
            tokens.append(found.group().strip())
            at = found.end()
        return tokens
