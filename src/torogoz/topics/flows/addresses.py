"""Where the pages of a dataflow are: indicators have a place of their own, with the same addresses below it."""

from torogoz.shared.indicators.queries import is_indicator
from torogoz.statistics.dataflows import Dataflow


def place_of(flow: Dataflow) -> str:
    """The namespace of the addresses of a dataflow: `flows`, or `indicators`."""
    return "indicators" if is_indicator(flow) else "flows"
