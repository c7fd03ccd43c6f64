"""The reference page of the indicators, made from the register and the definitions; `torogoz reference` writes it."""

from django.utils import translation

from torogoz.statistics.dataflows import DATAFLOWS
from torogoz.statistics.indicators.definition import Indicator
from torogoz.statistics.indicators.loading import shipped
from torogoz.statistics.indicators.register import Entry, register
from torogoz.topics.flows.methods import measured, protected

HEAD = """# Indicators

Made by `torogoz reference` from the code; change the code, not this page.

The observatory sets itself {all} indicators. {given} have a definition, in the folder `definitions/` of
`src/torogoz/statistics/indicators/`; {figures} figures come of them. Each has a page `/indicators/ID/` and
files `/indicators/ID.csv`, `.xlsx`, `.parquet`, `.json` and `.zip`, at addresses that are never given up. The
others say what they wait for. *Proposed* links to the Sustainable Development Goals are from memory: they were
not checked against the wording of the goal.
"""


def indicator_pages() -> str:
    """Every line of the register: how it is measured, by what it is broken down, or what it waits for."""
    entries = register()
    head = HEAD.format(all=len(entries), given=sum(each.given for each in entries), figures=len(shipped()))
    with translation.override("en"):
        return "\n".join([head, *(_one(entry) for entry in entries)])


def _one(entry: Entry) -> str:
    links = [f"Compact objective {', '.join(map(str, entry.gcm))}"]
    links += [f"SDG {', '.join(entry.sdg)}"] if entry.sdg else []
    links += [f"SDG {', '.join(entry.sdg_proposed)} (proposed)"] if entry.sdg_proposed else []
    lines = [f"## {entry.number}. {entry.name_en}", "", f"{'; '.join(links)}."]
    if not entry.given:
        return "\n".join([*lines, "", f"Waits for: {entry.waits_for_en}", ""])
    return "\n".join([*lines, *(_given(shipped()[name]) for name in entry.definitions), ""])


def _given(indicator: Indicator) -> str:
    broken = ", ".join(f"`{name}`" for name in indicator.dimensions) or "none"
    return "\n".join(
        [
            "",
            f"**`{indicator.id}`** {indicator.name_en}: {indicator.description_en}",
            "",
            "| | |",
            "|---|---|",
            f"| measure | {measured(indicator.measure, _codes)} |",
            f"| unit | {indicator.unit.name_en} |",
            f"| breakdowns | {broken} |",
            f"| protection | {protected(indicator)} |",
        ]
    )


def _codes(dataflow: str, dimension: str, code: str) -> tuple[str, str]:
    """Dimensions and codes as they are, so that the page does not depend on what has been imported."""
    assert dimension in DATAFLOWS[dataflow].names
    return f"`{dimension}`", f"`{code}`"
