"""From rows of a border to states of crossings in one step: clean, resolve, and say what may be said at the cut-off."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from torogoz.domain.residence import DEFAULT_RULE, Policy, Rule, State
from torogoz.statistics.residence.cleaning import Quality, clean
from torogoz.statistics.residence.rule import resolve, with_state


class NothingToClassify(ValueError):
    """No row could take part."""


@dataclass(frozen=True)
class Classified:
    """Every crossing that took part with its state, the rows set aside, and the figures of quality.

    crossings  `cleaning.Cleaned.crossings` with the columns of `rule.RESULT_SCHEMA` and `state`
    rejected   row, reason
    cut_off    the last day of which the data know
    """

    crossings: pl.DataFrame
    rejected: pl.DataFrame
    quality: Quality
    rule: Rule
    cut_off: date

    def counts(self) -> dict[State, int]:
        """How many crossings there are of each state."""
        found = dict(self.crossings.group_by("state").len().iter_rows())
        return {state: found.get(state.value, 0) for state in State}


def classify(
    raw: pl.DataFrame,
    rule: Rule = DEFAULT_RULE,
    policy: Policy = Policy.REJECT,
    *,
    today: date,
    cut_off: date | None = None,
) -> Classified:
    """The state of every crossing in `raw` (see `cleaning.clean`) by `rule`.

    cut_off  the last day of which the data know: later rows take no part. If not given, the day of the last crossing:
             nothing tells whether the data go on beyond it
    raises   NothingToClassify if no row can take part, ValueError if a column is missing
    """
    cleaned = clean(raw, policy, today=today, cut_off=cut_off)
    last = cleaned.crossings["date_crossing"].max()
    if not isinstance(last, date):
        reasons = ", ".join(f"{reason.value}: {count:,}" for reason, count in cleaned.quality.set_aside.items())
        raise NothingToClassify(f"no row can take part ({reasons or 'there are none'})")
    known_until = cut_off or last
    resolved = with_state(resolve(cleaned.crossings, rule), known_until)
    return Classified(resolved, cleaned.rejected, cleaned.quality, rule, known_until)
