"""The reference page of the dataflows, made from their definitions; `torogoz reference` writes it."""

from torogoz.exchange.writers.dictionary import standard_columns
from torogoz.exchange.writers.publication import Words
from torogoz.statistics.dataflows import DATAFLOWS, Dataflow, Role
from torogoz.topics.flows.questions import Question, opening
from torogoz.topics.flows.words import column_title

ROLES = {
    Role.SUM: "its codes exclude each other and are added when the question leaves it out",
    Role.TOTAL: "`{total}` holds the whole, and is read when the question leaves it out",
    Role.KEEP: "its codes are never added: each stays in the answer",
}
LISTS = {"INDICATOR": "INDICATOR", "TIME_PERIOD": "SDMX periods"}
OWN = "the publisher's own"
HEAD = """# Dataflows

Made by `torogoz reference` from the code; change the code, not this page.

A dataflow is asked by its dimensions, on the page `/flows/NAME/`, in the files `/flows/NAME.csv`, `.json`, `.zip`,
and with `torogoz data NAME`. The same question gives the same numbers in all of them. How to ask:
`docs/how-to/download-and-cite.md`.
"""


def dataflow_pages() -> str:
    """Every dataflow: what it counts, its dimensions, what may be added, where its page opens; then the columns."""
    parts = [HEAD, *(_one(flow) for flow in DATAFLOWS.values()), _columns()]
    return "\n".join(parts)


def _one(flow: Dataflow) -> str:
    lines = [
        f"## {flow.id}: {flow.name_en}",
        "",
        f"{flow.description_en} Unit: {flow.unit_en}.",
        "",
        "| dimension | stands for | code list | in a sum |",
        "|---|---|---|---|",
    ]
    for dimension in flow.dimensions:
        means = dimension.means_en or column_title(dimension.id).en.lower()
        role = ROLES[dimension.role].format(total=dimension.total)
        lines.append(f"| `{dimension.id}` | {means} | {dimension.codelist or LISTS.get(dimension.id, OWN)} | {role} |")
    query = _opening(flow).query()
    lines += ["", f"The page opens at `/flows/{flow.id}/?{query}`.", ""]
    return "\n".join(lines)


def _opening(flow: Dataflow) -> Question:
    """The opening question when the data have every code."""
    return opening(flow, {name: _Everything() for name in flow.names})


class _Everything(tuple[str, ...]):
    """A list of codes that has every code."""

    def __contains__(self, code: object) -> bool:
        return True


def _columns() -> str:
    lines = ["## Columns of every file", "", "| column | meaning |", "|---|---|"]
    for column in standard_columns(Words("la unidad del flujo", "the unit of the dataflow")).values():
        codes = "; ".join(f"`{code}` {words.en}" for code, words in column.codes.items())
        lines.append(f"| `{column.name}` | {column.description.en}{f': {codes}' if codes else ''} |")
    return "\n".join(lines) + "\n"
