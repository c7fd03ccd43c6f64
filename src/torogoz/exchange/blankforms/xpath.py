"""Conditions and rules of questions as XPath, as XForms write it.

XPath knows true and false alone, so that each condition is written twice over: `surely` is true where the condition is
met whatever the unknown answers are, `possibly` where it is not surely unmet. A question is asked where it possibly
applies, and required where it surely does.
"""

from collections.abc import Callable, Mapping
from typing import Final

from torogoz.domain.conditions import UNKNOWN, All, Compares, Condition, Has, Is, Not, Some, Test
from torogoz.domain.questions import NONE, Kind, Question
from torogoz.exchange.blankforms.outline import Asked

PARTIAL_DATE: Final = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
Refer = Callable[[str], str]
"""From the name of a question to the expression that stands for its answer: a path, or ${name}."""


class Rules:
    """What the questions of one form ask of each other."""

    def __init__(self, asked: Mapping[str, Asked], refer: Refer) -> None:
        self.asked = asked
        self.refer = refer

    def relevant(self, one: Asked) -> str:
        """When the question is shown; nothing when always."""
        if one.question.relevant is not None:
            return self.possibly(one.question.relevant)
        return f"{self.refer(one.after)} != ''" if one.after else ""

    def required(self, one: Asked) -> str:
        """When the question must be answered; nothing when never."""
        if not one.question.required:
            return ""
        return self.surely(one.question.relevant) if one.question.relevant is not None else "true()"

    def surely(self, condition: Condition) -> str:
        """XPath that is true where the condition is met whatever is unknown."""
        match condition:
            case Not(of):
                return f"not({self.possibly(of)})"
            case All(parts):
                return " and ".join(f"({self.surely(part)})" for part in parts)
            case Some(parts):
                return " or ".join(f"({self.surely(part)})" for part in parts)
            case _:
                return self._so(condition) if condition.fact in self.asked else "false()"

    def possibly(self, condition: Condition) -> str:
        """XPath that is true where the condition is not surely unmet."""
        match condition:
            case Not(of):
                return f"not({self.surely(of)})"
            case All(parts):
                return " and ".join(f"({self.possibly(part)})" for part in parts)
            case Some(parts):
                return " or ".join(f"({self.possibly(part)})" for part in parts)
            case _:
                return self._maybe(condition)

    def _so(self, test: Test) -> str:
        answer = self.refer(test.fact)
        match test:
            case Is(_, codes):
                return " or ".join(f"{answer} = '{code}'" for code in codes)
            case Has(_, code):
                return f"selected({answer}, '{code}')"
            case Compares(_, sign, number):
                return f"{answer} != '' and {answer} {sign} {number}"

    def _maybe(self, test: Test) -> str:
        """A test on a question that is not in this form is unknown; on one that does not apply, it is not so."""
        if test.fact not in self.asked:
            return "true()"
        answer, on = self.refer(test.fact), self.asked[test.fact].question
        unknown = f"{answer} = ''"
        if not isinstance(test, Compares):
            unknown += f" or selected({answer}, '{UNKNOWN}')"
        if on.relevant is not None:
            unknown = f"({unknown}) and ({self.possibly(on.relevant)})"
        so = self._so(test)
        return f"({so}) or ({unknown})"


def constraint(question: Question) -> str:
    """What an answer must be; nothing when any will do."""
    match question.kind:
        case Kind.NUMBER:
            return f". >= {question.least} and . <= {question.most}"
        case Kind.TEXT:
            return f"string-length(.) <= {question.most}"
        case Kind.PARTIAL_DATE:
            return f"regex(., '{PARTIAL_DATE}')"
        case Kind.SEVERAL:
            alone = [*(each.code for each in question.options if each.code == NONE), UNKNOWN]
            return " and ".join(f"not(selected(., '{code}') and count-selected(.) > 1)" for code in alone)
    return ""


def constraint_message(question: Question, language: str) -> str:
    """What to do about an answer that is not so."""
    spanish = language == "es"
    match question.kind:
        case Kind.NUMBER:
            if spanish:
                return f"Escriba un número de {question.least} a {question.most}."
            return f"Write a number from {question.least} to {question.most}."
        case Kind.TEXT:
            return f"Caben {question.most} letras." if spanish else f"{question.most} letters fit."
        case Kind.PARTIAL_DATE:
            return "Escriba 2001, 2001-05 o 2001-05-17." if spanish else "Write 2001, 2001-05 or 2001-05-17."
        case Kind.SEVERAL:
            return "Esa respuesta va sola." if spanish else "That answer goes alone."
    return ""
