"""`torogoz dataflows`: what can be asked of `torogoz data`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from torogoz.shared.sources.commandline import said_plainly
from torogoz.shared.sources.queries import vintages_of
from torogoz.statistics.dataflows import DATAFLOWS, Dataflow, Role

ROLES = {
    Role.SUM: "added up when not asked for",
    Role.TOTAL: "read at {total} when not asked for",
    Role.KEEP: "never added, always kept",
}


class Command(BaseCommand):
    help = "List the dataflows with their dimensions, units, and what data of them is in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        with said_plainly():
            described = [_described(flow) for flow in DATAFLOWS.values()]
        if options["format"] == "json":
            self.stdout.write(json.dumps(described, ensure_ascii=False, indent=1))
            return
        for flow in described:
            self.stdout.write(f"{flow['id']}: {flow['name_en']} ({flow['kind']}; {flow['unit_en']})")
            self.stdout.write(f"  {flow['description_en']}")
            for dimension in flow["dimensions"]:
                words = [dimension["means_en"], dimension["codelist"] and f"codes of {dimension['codelist']}"]
                words.append(ROLES[Role(dimension["role"])].format(total=dimension["total"]))
                self.stdout.write(f"  {dimension['id']:<17} {'; '.join(filter(None, words))}")
            self.stdout.write(f"  in use: {'; '.join(flow['in_use']) or 'nothing imported yet'}\n")


def _described(flow: Dataflow) -> dict[str, Any]:
    """A dataflow as plain values, with the vintages in use."""
    return {
        "id": flow.id,
        "name_es": flow.name_es,
        "name_en": flow.name_en,
        "description_es": flow.description_es,
        "description_en": flow.description_en,
        "kind": flow.kind.value,
        "unit_es": flow.unit_es,
        "unit_en": flow.unit_en,
        "dimensions": [
            {
                "id": each.id,
                "role": each.role.value,
                "codelist": each.codelist,
                "total": each.total,
                "means_es": each.means_es,
                "means_en": each.means_en,
            }
            for each in flow.dimensions
        ],
        "attributes": list(flow.attributes),
        "in_use": [
            f"{each.dataset} {each.vintage} ({each.period_first} to {each.period_last})"
            for each in vintages_of(flow.id)
        ],
    }
