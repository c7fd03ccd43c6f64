"""The page docs/reference/forms.md, made from the definitions."""

from torogoz.domain.conditions import UNKNOWN
from torogoz.domain.questions import Question, SectionForm, condition_in_words
from torogoz.statistics.forms.shipped import HEADER, SINGLE_FORM, current

LONG_LIST = 12


def form_pages() -> str:
    """The header and every section in force: what is asked, by whom, who works with it, when it applies."""
    parts = [
        "# The single form\n",
        "Made by `torogoz reference` from the code; change the code, not this page.\n",
        f"Header version {HEADER.version}, {len(current())} sections. How it works: [the single form]"
        "(../explanation/the-single-form.md); how to change it: [add a question](../how-to/add-a-question.md).\n",
        _header(),
    ]
    parts += [_section(form) for form in current()]
    return "\n".join(parts)


def _header() -> str:
    lines = [
        f"## {HEADER.es} ({HEADER.en})\n",
        f"Asked once by {HEADER.institution}.\n",
        "| fact | fields | needed by |",
        "|---|---|---|",
    ]
    for fact in HEADER.facts:
        fields = "; ".join(f"`{field.code}` {field.es} ({field.en})" for field in fact.fields)
        more = f", up to {fact.times}" if fact.times > 1 else ""
        needed = ", ".join(SINGLE_FORM.needed_by(fact.code)) or "–"
        lines.append(f"| `{fact.code}` {fact.es} ({fact.en}) | {fields}{more} | {needed} |")
    return "\n".join(lines) + "\n"


def _section(form: SectionForm) -> str:
    named = SINGLE_FORM.questions(form)
    works_with = ", ".join(f"`{fact}`" for fact in sorted(form.needs))
    lines = [
        f"## {form.es} ({form.en})\n",
        f"`{form.code}`, version {form.version}, tier {form.tier.value} ({form.tier.name.lower()}), asked by "
        f"{form.institution}. Works with, and does not ask: {works_with}.\n",
    ]
    older = [each for each in SINGLE_FORM.sections if each.code == form.code and each.version <= form.version]
    lines += [f"- Version {each.version}: {each.changed[1]}" for each in older if each.changed[1]]
    lines += ["", "| question | answers | applies | needed by |", "|---|---|---|---|"]
    for question in form.questions:
        applies = condition_in_words(question, named, "en") or "always"
        needed = ", ".join(SINGLE_FORM.needed_by(question.code)) or "–"
        marks = " **required**" if question.required else ""
        if question.tier is not None:
            marks += f" **tier {question.tier.value}**"
        asked = f"`{question.code}` {question.es} ({question.en}){marks}"
        lines.append(f"| {asked} | {_answers(question)} | {applies} | {needed} |")
    return "\n".join(lines) + "\n"


def _answers(question: Question) -> str:
    if question.codelist:
        return f"{question.kind.value}, list {question.codelist}"
    codes = [f"`{option.code}`" for option in question.options if option.code != UNKNOWN]
    if codes:
        return f"{question.kind.value}: {', '.join(codes[:LONG_LIST])}, or `{UNKNOWN}`"
    if question.kind.value == "number":
        return f"number, {question.least} to {question.most}"
    return f"text, {question.most} letters" if question.kind.value == "text" else question.kind.value
