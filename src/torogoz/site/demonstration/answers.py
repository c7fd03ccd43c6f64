"""Answers that made-up officers write into the sections of made-up people: valid ones, drawn by a seed."""

import random

from torogoz.domain.conditions import Values
from torogoz.domain.questions import NOTHING, Kind, Question, SectionForm, without_inapplicable


def made_up_answers(form: SectionForm, draw: random.Random, known: Values = NOTHING) -> dict[str, object]:
    """Answers to the required questions, and to about half of the others that can be counted; only where they apply."""
    answers: dict[str, object] = {}
    for question in form.questions:
        drawn = question.counted and not question.codelist
        if question.required or (drawn and draw.random() < 0.5):
            answers[question.code] = _answer(question, draw)
    return without_inapplicable(form, answers, known)


def _answer(question: Question, draw: random.Random) -> object:
    """The first options of a question are its common ones."""
    if question.kind is Kind.NUMBER:
        return draw.randint(question.least, min(question.most, question.least + 9))
    if question.kind is Kind.TEXT:
        return "Dato inventado"
    codes = [option.code for option in question.options]
    code = draw.choices(codes, [1 / (place + 1) for place in range(len(codes))])[0]
    return [code] if question.kind is Kind.SEVERAL else code
