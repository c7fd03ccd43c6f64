"""What is wrong with the single form as a whole: facts asked twice, conditions on what nobody asks, older answers that
would be read wrongly."""

from collections.abc import Collection, Iterator

from torogoz.domain.conditions import Compares, Has, Is, Test, tests
from torogoz.domain.questions import YEARS, Kind, Question, SectionForm
from torogoz.domain.sections import SingleForm, asked_twice
from torogoz.statistics.dataflows import nearest


def mistakes(whole: SingleForm) -> list[str]:
    """Every mistake, each with the file, the question and the reason; none where the form holds together."""
    found = [
        f"{_file(form)}: {code}: {owner} asks it already; put it under needs instead"
        for form, code, owner in asked_twice(whole.header, whole.sections)
    ]
    for form in whole.sections:
        found += _needs(whole, form)
        found += [f"{_file(form)}: {mistake}" for mistake in _conditions(whole, form)]
    found += _versions(whole)
    return found


def _file(form: SectionForm) -> str:
    return f"{form.code}-{form.version}.yaml"


def _needs(whole: SingleForm, form: SectionForm) -> Iterator[str]:
    own = {question.code for question in form.questions}
    elsewhere = {question.code for other in whole.sections if other.code != form.code for question in other.questions}
    for fact in sorted(form.needs):
        if fact in own or fact not in whole.header.codes | elsewhere:
            near = nearest(fact, whole.header.codes | elsewhere)
            yield f"{_file(form)}: needs: {fact} is asked neither by the header nor by another section{near}"


def _conditions(whole: SingleForm, form: SectionForm) -> Iterator[str]:
    known = {code: each for code, each in whole.questions(form).items() if code in form.needs}
    for question in form.questions:
        for test in tests(question.relevant) if question.relevant is not None else ():
            if wrong := _test(form, question, test, known):
                yield f"{question.code}: relevant: {wrong}"
        known[question.code] = question
        for test in tests(question.doubt.when) if question.doubt is not None else ():
            if wrong := _test(form, question, test, known | _years(form.needs)):
                yield f"{question.code}: doubt: {wrong}"


def _years(facts: Collection[str]) -> dict[str, Question]:
    """The ages on which a doubt may look, where the birth is known."""
    return {code: Question(code, Kind.NUMBER, code, code) for code in YEARS} if "birth" in facts else {}


def _test(form: SectionForm, question: Question, test: Test, known: dict[str, Question]) -> str:
    """What is wrong with a test; nothing when it can be made. `known` are the facts that come before the question."""
    on = known.get(test.fact)
    if on is None:
        near = nearest(test.fact, known)
        return f"{test.fact} is neither asked before it nor under needs (as a fact of one field){near}"
    own = test.fact in {each.code for each in form.questions}
    if own and form.tier_of(on) > form.tier_of(question):
        return f"{test.fact} is more sensitive: whether this is answered would give it away"
    match test:
        case Is(_, codes):
            if on.kind not in (Kind.CHOICE, Kind.YES_NO):
                return f"{test.fact} has no single code to be compared; a question with several takes has"
        case Has(_, code):
            codes = (code,)
            if on.kind is not Kind.SEVERAL:
                return f"{test.fact} takes one answer; write = or in"
        case Compares():
            return "" if on.kind is Kind.NUMBER else f"{test.fact} is not a number"
    options = [option.code for option in on.options]
    for code in codes:
        if not on.codelist and code not in options:
            return f"{code} is not an answer to {test.fact}{nearest(code, options)}"
    return ""


def _versions(whole: SingleForm) -> Iterator[str]:
    """A code means the same in every version: else older answers would be counted as something else."""
    for form in whole.sections:
        for other in whole.sections:
            if other.code != form.code or other.version >= form.version:
                continue
            before = {question.code: question for question in other.questions}
            for question in form.questions:
                if question.code in before and (wrong := _unlike(before[question.code], question)):
                    where = f"{_file(form)}: {question.code}"
                    yield f"{where}: version {other.version} {wrong}; a question that changes so needs another code"


def _unlike(old: Question, new: Question) -> str:
    """Why answers to the old question are no answers to the new one; nothing when they are."""
    if old.kind is not new.kind:
        return f"asks it as {old.kind.value}"
    if old.codelist != new.codelist:
        return f"takes its answers from {old.codelist or 'its own options'}"
    gone = {option.code for option in old.options} - {option.code for option in new.options}
    return f"has the answers {', '.join(sorted(gone))}" if gone else ""
