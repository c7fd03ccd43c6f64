"""How the figures of the border were made, and the revision triangle: what each release said of each month."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from django.utils.translation import gettext as _

from torogoz.domain.residence import RULES, Policy
from torogoz.statistics import border
from torogoz.statistics.dataflows import TIME, WHOLE, Dataflow
from torogoz.statistics.residence import triangle
from torogoz.statistics.residence.nowcast import EMIGRANTS, IMMIGRANTS
from torogoz.topics.flows import queries

MOST_VINTAGES = 6
MOST_MONTHS = 18
TOTALS: Final = ("SEX", "AGE", "CITIZENSHIP", "BIRTH_AREA", "COUNTERPART_AREA")


@dataclass(frozen=True)
class Said:
    """What one release said of one month: the figure, its standard error if it is an estimate, or nothing.

    kind  "final", "provisional", "estimate", "hidden", or "" where the release says nothing of the month
    """

    kind: str
    value: float | None = None
    error: float | None = None


@dataclass(frozen=True)
class Triangle:
    """The months, newest first, by release, oldest first."""

    title: str
    vintages: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Said, ...]], ...]


@dataclass(frozen=True)
class Method:
    """How the newest figures were counted: the rule with its parameters, the policy, and shares in per cent.

    rule  empty for crossings, which need none
    """

    rule: str
    threshold_days: int
    window_days: int
    source: str
    policy: str
    known_until: str
    two_in_a_row: float
    imputed: float
    set_aside: float
    learnt_from: tuple[str, ...]


def method_of(flow: Dataflow, language: str) -> Method | None:
    """How the figures of a dataflow of the border were made, in words; None for any other."""
    said = queries.method(flow)
    if not said:
        return None
    rule = RULES.get(said.get("rule", ""))
    return Method(
        rule="" if rule is None else rule.name_en if language == "en" else rule.name_es,
        threshold_days=said.get("threshold_days", 0),
        window_days=said.get("window_days", 0),
        source=said.get("source", ""),
        policy=_policy(Policy(said["policy"])),
        known_until=said["known_until"],
        two_in_a_row=100 * said["two_in_a_row"],
        imputed=100 * said["imputed"],
        set_aside=100 * said["set_aside"],
        learnt_from=tuple(said.get("nowcast_learnt_from") or ()),
    )


def triangles_of(flow: Dataflow) -> list[Triangle]:
    """One triangle for those who came and one for those who left; none for another dataflow than MIGRATION."""
    if flow.id != queries.MIGRATION:
        return []
    frames = {label: _whole(cells) for label, cells in queries.vintages_of_release(flow, MOST_VINTAGES)}
    if not frames:
        return []
    titles = {
        IMMIGRANTS: _("Inmigrantes de larga duración"),
        EMIGRANTS: _("Emigrantes de larga duración"),
    }
    table = triangle.triangle(frames)
    months = table[TIME].unique().sort(descending=True).head(MOST_MONTHS).to_list()
    said = {label: _said(frame) for label, frame in frames.items()}
    return [
        Triangle(
            title,
            tuple(frames),
            tuple((month, tuple(said[label].get((who, month), Said("")) for label in frames)) for month in months),
        )
        for who, title in titles.items()
    ]


def _whole(cells: pl.DataFrame) -> pl.DataFrame:
    """The national months of a release, the estimate where there is one: triangle.SAID_SCHEMA, hidden, STD_ERROR."""
    months = cells.filter(pl.col("FREQ") == "M", *(pl.col(name) == WHOLE for name in TOTALS))
    counted = pl.col("INDICATOR").is_in([IMMIGRANTS, EMIGRANTS])
    plain = {estimate: who for who, estimate in border.NOWCAST.items()}
    return (
        months.with_columns(counted=counted, INDICATOR=pl.col("INDICATOR").replace(plain))
        .sort("counted")  # an estimate of the final number says more than what is certain so far
        .unique(["INDICATOR", TIME], keep="first", maintain_order=True)
        .select(
            "INDICATOR",
            TIME,
            pl.col("OBS_VALUE").alias("estimate"),
            "OBS_STATUS",
            pl.col(border.STD_ERROR),
            hidden=pl.col("CONF_STATUS") != "F",
        )
    )


def _said(frame: pl.DataFrame) -> Mapping[tuple[str, str], Said]:
    kinds = {"A": "final", "P": "provisional", "E": "estimate"}
    found: dict[tuple[str, str], Said] = {}
    row: dict[str, Any]
    for row in frame.iter_rows(named=True):
        kind = "hidden" if row["hidden"] else kinds[row["OBS_STATUS"]]
        found[(row["INDICATOR"], row[TIME])] = Said(kind, row["estimate"], row[border.STD_ERROR])
    return found


def _policy(policy: Policy) -> str:
    return {
        Policy.REJECT: _("se dejan fuera todos los cruces de esa persona"),
        Policy.DROP: _("si pasan menos de 24 horas se toma por un registro repetido; si no, la persona se deja fuera"),
        Policy.IMPUTE: _("se pone el cruce que falta a la mitad del tiempo entre los dos"),
        Policy.DROP_IMPUTE: _(
            "si pasan menos de 24 horas se toma por un registro repetido; si no, se pone el cruce que falta a la mitad"
            " del tiempo entre los dos"
        ),
    }[policy]
