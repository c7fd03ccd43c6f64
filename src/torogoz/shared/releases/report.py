"""What the command `torogoz release` says, line by line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from torogoz.shared.releases.making import AnyPart
from torogoz.shared.releases.models import Release
from torogoz.shared.releases.queries import Answered
from torogoz.statistics.disclosure.private.ledger import Spending, running
from torogoz.statistics.tabulation import is_total

SHOWN = 20
WORDS = {
    "rows": "rows",
    "unknown": "unknown {of}",
    "sum_of_parts": "sum of {of} less rows",
    "jump": "jump in {of}, robust z",
    "code_never_seen": "code never seen: {of}, rows",
    "repeated_rows": "rows that repeat another in every column",
    "rows_shared_by_few": "rows whose values fewer than five share (why rows are never public)",
    "another_secret": "the secret of cell keys is not that of the release before: old and new noise can be averaged",
    "carried": "{of} was final and stays as it was published (--revise {of} computes it anew); cells that would change",
    "close_to_the_release_before": "shown cells that differ from the release before by fewer than the threshold",
}
NOTHING_FOUND = {
    "jump": "jumps between months",
    "code_never_seen": "codes never seen before",
}
SHARES = {"unknown", "repeated_rows", "rows_shared_by_few"}


def release_line(release: Release) -> str:
    """One release in one line."""
    marks = [word for word, holds in (("provisional", release.provisional), ("made up", release.made_up)) if holds]
    if release.embargo_until:
        marks.append(f"embargo until {release.embargo_until:%Y-%m-%d %H:%M %Z}")
    if release.approved_by:
        marks.append(f"approved by {release.approved_by}")
    return (
        f"{release!s:<12} until {release.cut_off:%Y-%m-%d}  made {release.made_at:%Y-%m-%d %H:%M}  "
        f"{release.rows:>9,} rows  manifest {release.manifest_sha256[:12]}  {', '.join(marks)}"
    ).rstrip()


def manifest_lines(manifest: Mapping[str, Any]) -> Iterator[str]:
    """The validation report, the suppression, the audit and the vintages, as a manifest holds them."""
    for dataflow, part in manifest["parts"].items():
        yield f"{dataflow}: validation"
        yield from (f"  {line}" for line in finding_lines(part["findings"]))
        yield f"{dataflow}: disclosure control"
        yield from (f"  {line}" for line in disclosure_lines(part["disclosure"]))
    vintages = manifest["vintages"]
    yield f"vintages in use: {len(vintages)}"
    for vintage in vintages:
        yield f"  {vintage['dataset']} {vintage['vintage']} ({vintage['publisher']}) sha256 {vintage['sha256'][:12]}"


def finding_lines(findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One line per finding: ok, or look at it."""
    for finding in findings:
        words, figure = WORDS[finding["check"]].format(of=finding["of"]), finding["figure"]
        if finding["check"] in NOTHING_FOUND and not finding["of"]:
            words = NOTHING_FOUND[finding["check"]]
        shown = f"{figure:.2%}" if finding["check"] in SHARES else f"{figure:,.10g}"
        limit = finding["limit"]
        within = (
            "" if limit is None else f" (limit {limit:.0%})" if finding["check"] in SHARES else f" (limit {limit:g})"
        )
        yield f"{'ok  ' if finding['passes'] else 'LOOK'} {words}: {shown}{within}"


def carried_lines(parts: Iterable[AnyPart]) -> Iterator[str]:
    """Which years keep what was published although their rows have changed."""
    for part in parts:
        told = [each.as_dict() for each in part.findings if each.check == "carried" and not each.passes]
        yield from (f"{part.dataflow}: {line}" for line in finding_lines(told))


def notice_lines(found: Iterable[Answered]) -> Iterator[str]:
    """One line per notice: how grave, what, the figure and what was expected, and the answer."""
    for each in found:
        notice, last = each.notice, each.last
        value, expected = ("–" if figure is None else f"{figure:,.10g}" for figure in (notice.value, notice.expected))
        answer = f"{last.kind} by {last.institution}: {last.text_en or last.text_es}" if last else "open"
        yield (
            f"{notice.severity:<6} {notice.rule} v{notice.rule_version} {notice.dataflow} {notice.series or 'total'} "
            f"{notice.period}: {value}, expected {expected}; {answer}"
        )


def disclosure_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """What was hidden and what an attacker is left with."""
    if "epsilon" in figures:
        yield from _private_lines(figures)
        return
    cells, small, others = figures["cells"], figures["hidden_small"], figures["hidden_for_others"]
    yield f"{cells:,} cells"
    yield f"{small:,} hidden below the threshold of {figures['threshold']}, {others:,} to protect those"
    yield f"{figures['share_of_counts_hidden_for_others']:.2%} of all counts hidden to protect others"
    narrowest = figures["narrowest_interval"]
    if narrowest is not None:
        yield f"audit by attack: the narrowest interval of any hidden cell is {narrowest:g} persons wide"


def _private_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """What private tables cost and how wide their noise is."""
    drawn = ", ".join(figures["drawn_now"]) or "none; every year is read from what was drawn before"
    yield f"{figures['cells']:,} cells under differential privacy, {figures['hidden']:,} below {figures['threshold']}"
    yield f"years drawn now: {drawn}"
    yield f"each year cost ε {figures['epsilon']:g} of {figures['budget']:g}"
    yield f"the noise of one drawn cell is wider than ±{figures['margin']} one time in twenty at most"


def ledger_lines(spendings: Iterable[Spending]) -> Iterator[str]:
    """The ledger of privacy, line by line, with what each period has cost so far."""
    yield (
        f"{'data set':<20} {'period':<8} {'release':<10} {'table':<20} {'cells':>6} {'rows of one':>11}  "
        f"{'noise':<8} {'ε':>6} {'so far':>7}"
    )
    for each, total in running(spendings):
        yield (
            f"{each.dataset:<20} {each.period:<8} {each.release:<10} {each.table:<20} {each.cells:>6} "
            f"{each.sensitivity:>11}  {each.noise:<8} {float(each.epsilon):>6.3f} {float(total):>7.3f}"
        )


def change_lines(changes: pl.DataFrame) -> Iterator[str]:
    """What differs between two releases: how many cells, and the largest revisions."""
    if changes.is_empty():
        yield "no published cell differs"
        return
    for how, count in changes.group_by("HOW").len().sort("HOW").iter_rows():
        yield f"{count:>6,} cells {how}"
    material = changes.filter("MATERIAL").with_columns(BY=pl.col("AFTER") - pl.col("BEFORE"))
    yield f"{material.height:>6,} of the revisions are material (5 persons and 1 % or more)"
    names = [name for name in changes.columns if name not in {"BEFORE", "AFTER", "HOW", "MATERIAL"}]
    for row in (
        material.sort(pl.col("BY").abs(), *names, descending=[True, *(False for _ in names)])
        .head(SHOWN)
        .iter_rows(named=True)
    ):
        where = " ".join(f"{name}={row[name]}" for name in names if not is_total(name, row[name]))
        yield f"         {where}: {row['BEFORE']:,.0f} → {row['AFTER']:,.0f}"
    if material.height > SHOWN:
        yield f"         … and {material.height - SHOWN:,} more"
