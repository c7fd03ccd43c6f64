"""What releases there are, and what they publish. Public pages read national figures here and nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from torogoz.domain.chain import GENESIS
from torogoz.shared.codelists.queries import names
from torogoz.shared.places.queries import departments
from torogoz.shared.releases import files
from torogoz.shared.releases.making import Earlier, dimensions_of
from torogoz.shared.releases.models import AnomalyNotice, NoticeDecision, PrivacySpending, Release
from torogoz.statistics import bitemporal, validation
from torogoz.statistics.crosstables import cube_from
from torogoz.statistics.dataflows import TIME
from torogoz.statistics.disclosure.private.ledger import LedgerBroken, Spending, line_of
from torogoz.statistics.disclosure.strict import BaseCube
from torogoz.statistics.private_releases import RELEASED

RELEASED_LISTS = ("SEX", "AGE", "AREA", "MODE", "REASON", "DIRECTION", "INDICATOR", "ANSWER")


class NoSuchRelease(Exception):
    """No release has this code and revision."""


def every_release() -> QuerySet[Release]:
    """Every release, those under embargo too, the one that covers most first: for the office that makes them only."""
    return Release.objects.order_by("-cut_off", "-revision")


def releases(as_of: datetime | None = None) -> QuerySet[Release]:
    """Every release that the public may read, the one that covers most first; with `as_of`, those it could read then.

    A release under embargo is not among them: no page, file, count or address knows it before its moment, whatever
    `as_of` asks for.
    """
    open_now = Q(embargo_until__isnull=True) | Q(embargo_until__lte=timezone.now())
    found = every_release().filter(open_now)
    if as_of is None:
        return found
    return found.annotate(opens=Coalesce("embargo_until", "made_at")).filter(opens__lte=as_of)


def latest(dataflow: str = "") -> Release | None:
    """The release that the public reads, or None before the first; with `dataflow`, the newest that has it."""
    if not dataflow:
        return releases().first()
    return next(iter(releases_of(dataflow)), None)


def newest(dataflow: str = "") -> Release | None:
    """The release made last, under embargo or not: what the next one follows; with `dataflow`, the last that has it."""
    return next((each for each in every_release() if not dataflow or dataflow in manifest(each)["parts"]), None)


def releases_of(dataflow: str, as_of: datetime | None = None) -> list[Release]:
    """Every release of a data set that the public may read, newest first; with `as_of`, that it could read then."""
    return [each for each in releases(as_of) if dataflow in manifest(each)["parts"]]


def method(dataflow: str) -> dict[str, Any]:
    """How the newest figures of a data set were made, as their release says; empty if it says nothing."""
    release = latest(dataflow)
    found: dict[str, Any] = {} if release is None else manifest(release)["parts"][dataflow].get("method", {})
    return found


def release_called(words: str) -> Release:
    """The public release called "2026-Q3" (its newest revision) or "2026-Q3 r1". Raises NoSuchRelease."""
    return _called(words, releases())


def any_release_called(words: str) -> Release:
    """The same of every release, those under embargo too: for the office that makes them only."""
    return _called(words, every_release())


def _called(words: str, among: QuerySet[Release]) -> Release:
    code, _, revision = words.replace("-r", " r").partition(" r")
    found = among.filter(code=code)
    if revision.isdigit():
        found = found.filter(revision=int(revision))
    release = found.first()
    if release is None:
        known = ", ".join(str(each) for each in among) or "none yet"
        raise NoSuchRelease(f"there is no release {words}; there are: {known}")
    return release


def published(dataflow: str, release: Release | None = None) -> pl.DataFrame:
    """The published cells of a data set, from the newest release that has it or the given one.

    returns  FREQ, the dimensions (str; RETURNS has TIME_PERIOD, SEX, AGE, COUNTERPART_AREA, MODE, REF_AREA, ORIGIN,
             REASON), OBS_VALUE (float, null when hidden), OBS_STATUS (A, or P while the period is not over),
             CONF_STATUS (F shown, C hidden), and what its plan adds (MIGRATION: STD_ERROR of estimates, OBS_STATUS E).
             `_T` is the total (SLV for REF_AREA), `_U` unknown. Empty before the first release that has the data set.
    raises   KeyError if nothing called `dataflow` is published, ReleaseDamaged
    """
    nothing = RELEASED[dataflow].nothing_published()
    chosen = release or latest(dataflow)
    if chosen is None or dataflow not in manifest(chosen)["parts"]:
        return nothing
    return _read(folder_of(chosen), chosen.manifest_sha256, f"tables/{dataflow}.parquet")


def base_cube(dataflow: str, release: Release | None = None) -> BaseCube | None:
    """The base cube that answers cross tables, of the newest release or the given one; None if it has none.

    Releases made before cross tables, or without a secret, have none. Raises ReleaseDamaged.
    """
    chosen = release or latest()
    if chosen is None or f"cube/{dataflow}.parquet" not in manifest(chosen)["files"]:
        return None
    return _cube(folder_of(chosen), chosen.manifest_sha256, dataflow)


def open_years(dataflow: str) -> list[str]:
    """The years of a data set that were not over when the newest release was made. Raises ReleaseDamaged."""
    newest = latest()
    return [] if newest is None else [period for period in open_periods(newest, dataflow) if len(period) == 4]


def open_periods(release: Release, dataflow: str) -> list[str]:
    """The periods of a data set that were not over when a release was made. Raises ReleaseDamaged."""
    found: list[str] = manifest(release)["parts"].get(dataflow, {}).get("open_periods", [])
    return found


def rows_of(dataflow: str, release: Release) -> pl.DataFrame:
    """The de-identified rows of a release, without their keys: for the office that makes releases, never for a page."""
    return _read(folder_of(release), release.manifest_sha256, f"microdata/{dataflow}.parquet").drop("RECORD")


def earlier(dataflow: str, release: Release | None) -> Earlier | None:
    """What a release, and those before it, published of a data set; None if there is no release or it lacks it."""
    if release is None or dataflow not in manifest(release)["parts"]:
        return None
    keyed_with = manifest(release)["parts"][dataflow].get("keyed_with", "")
    return Earlier(
        rows_of(dataflow, release),
        published(dataflow, release),
        keyed_with,
        base_cube(dataflow, release),
        tuple(published(dataflow, each) for each in made_before(release, dataflow)),
    )


def made_before(release: Release, dataflow: str) -> list[Release]:
    """Every release of a data set that was made before this one, the newest first, under embargo or not."""
    found = Release.objects.filter(pk__lt=release.pk).order_by("-pk")
    return [each for each in found if dataflow in manifest(each)["parts"]]


def earlier_cells(dataflow: str, release: Release | None) -> pl.DataFrame | None:
    """The cells that a release published of a private data set, which keeps no rows; None if it has none."""
    if release is None or dataflow not in manifest(release)["parts"]:
        return None
    return published(dataflow, release)


def spendings(dataset: str = "") -> list[Spending]:
    """The ledger of privacy, oldest line first; of one data set, or all."""
    found = PrivacySpending.objects.order_by("pk")
    return [_spending(line) for line in (found.filter(dataset=dataset) if dataset else found)]


def last_hash_of_the_ledger() -> str:
    """The hash that the next line of the ledger follows."""
    last = PrivacySpending.objects.order_by("-pk").first()
    return GENESIS if last is None else last.hash


def check_the_ledger() -> int:
    """Compute the chain of the ledger anew, and compare it with what releases say they drew; how many lines it has.

    raises  LedgerBroken, naming the first bad line, or the drawing whose lines are missing; ReleaseDamaged
    """
    previous, count = GENESIS, 0
    for count, line in enumerate(PrivacySpending.objects.order_by("pk"), start=1):
        _, own = line_of(_spending(line), previous)
        if own != line.hash:
            raise LedgerBroken(f"line {count} of the ledger of privacy ({line}), or one before it, was changed")
        previous = own
    _check_every_drawing()
    return count


def _check_every_drawing() -> None:
    """Every year that the manifest of a release says was drawn has lines that cost what the manifest says.

    A ledger that is cut at its end is a whole chain still: only the releases tell of the lines that are gone.
    """
    for release in Release.objects.order_by("pk"):
        for dataset, part in manifest(release)["parts"].items():
            for period in part["disclosure"].get("drawn_now", ()):
                lines = PrivacySpending.objects.filter(release=release, dataset=dataset, period=period)
                cost = float(sum((Fraction(line.epsilon) for line in lines), Fraction(0)))
                if cost != part["disclosure"]["epsilon"]:
                    raise LedgerBroken(
                        f"release {release} drew {dataset} {period} for ε {part['disclosure']['epsilon']:g}, and the "
                        f"ledger of privacy has lines of ε {cost:g}: lines are missing"
                    )


def _spending(line: PrivacySpending) -> Spending:
    return Spending(
        line.dataset,
        line.period,
        line.code,
        line.table,
        line.cells,
        line.sensitivity,
        line.noise,
        Fraction(line.epsilon),
        Fraction(line.delta),
    )


def manifest(release: Release) -> dict[str, Any]:
    """What a release says of itself. Raises ReleaseDamaged."""
    return _manifest(folder_of(release), release.manifest_sha256)


def damages(release: Release) -> list[str]:
    """What is wrong with the files of a release, one sentence each; every hash is computed anew."""
    return files.damages(folder_of(release), release.manifest_sha256)


def changes(before: Release, after: Release, dataflow: str = "RETURNS") -> pl.DataFrame:
    """What differs between two releases of a data set, by key: see `validation.changes`."""
    left, right = published(dataflow, before), published(dataflow, after)
    return validation.changes(left, right, dimensions_of(right))


def difference(before: Release, after: Release, dataflow: str, materiality: float) -> pl.DataFrame:
    """What differs between two releases of a data set, by key and kind: see `bitemporal.difference`.

    One kind more: "grown", another figure of a period that was not over before. It is no revision, and never material.
    """
    left, right = published(dataflow, before), published(dataflow, after)
    found = bitemporal.difference(left, right, dimensions_of(right), materiality)
    has_grown = (pl.col("HOW") == bitemporal.How.CHANGED) & pl.col(TIME).is_in(open_periods(before, dataflow))
    return found.with_columns(
        HOW=pl.when(has_grown).then(pl.lit("grown")).otherwise("HOW"), MATERIAL=pl.col("MATERIAL") & ~has_grown
    )


def release_before(release: Release, dataflow: str = "") -> Release | None:
    """The release that stood before this one: its earlier revision, or that of the period before.

    With `dataflow`, the newest of those before that has it. Under embargo or not: for the office that makes them only.
    """
    return _before(release, every_release(), dataflow)


def public_release_before(release: Release, dataflow: str = "") -> Release | None:
    """The same among the releases that the public may read: what a public page compares with."""
    return _before(release, releases(), dataflow)


def _before(release: Release, among: QuerySet[Release], dataflow: str) -> Release | None:
    earlier_ones = among.filter(made_at__lt=release.made_at, cut_off__lte=release.cut_off).exclude(pk=release.pk)
    if not dataflow:
        return earlier_ones.first()
    return next((each for each in earlier_ones if dataflow in manifest(each)["parts"]), None)


def withheld_before(release: Release, now: datetime) -> Release | None:
    """The first release made before this one that is still under embargo; None if there is none."""
    return Release.objects.filter(pk__lt=release.pk, embargo_until__gt=now).order_by("pk").first()


def names_of_codes(language: str) -> dict[str, dict[str, str]]:
    """The names of the codes that published tables use, by code list."""
    listed = {codelist: names(codelist, language[:2]) for codelist in RELEASED_LISTS}
    return {**listed, "DEPARTMENT": {**dict(departments()), "_U": listed["SEX"].get("_U", "_U")}}


@dataclass(frozen=True)
class Answered:
    """A notice, the decisions on it (the last one first), and the releases in which it stands."""

    notice: AnomalyNotice
    decisions: tuple[NoticeDecision, ...]

    @property
    def last(self) -> NoticeDecision | None:
        """The decision that holds; None while the notice is open."""
        return self.decisions[0] if self.decisions else None


def notices_in(release: Release) -> list[Answered]:
    """The notices of a release with their answers: severe ones first, by data set and period."""
    return _with_answers(release.notices.all())


def notices_to_answer(*, public_only: bool) -> list[Answered]:
    """Every notice, or those of figures that the public may read: those without an answer first, severe before others,
    the newest first."""
    found = _with_answers(_notices(public_only=public_only).order_by("-raised_at", "pk"), keep_order=True)
    return sorted(found, key=lambda each: (each.last is not None, each.notice.severity != "severe"))


def _notices(*, public_only: bool) -> QuerySet[AnomalyNotice]:
    """Notices; with `public_only` those that stand in a release that the public may read, and so in its page."""
    every = AnomalyNotice.objects.all()
    return every.filter(pk__in=AnomalyNotice.objects.filter(releases__in=releases())) if public_only else every


def notice_called(key: UUID, *, public_only: bool) -> Answered | None:
    """One notice with its answers; with `public_only`, None unless the public may read its figure."""
    found = _with_answers(_notices(public_only=public_only).filter(key=key))
    return found[0] if found else None


def last_decision(notice: AnomalyNotice) -> NoticeDecision | None:
    """The decision that holds, with the notice held until the end of the transaction; None while it is open."""
    AnomalyNotice.objects.select_for_update().get(pk=notice.pk)
    return NoticeDecision.objects.filter(notice=notice).order_by("-pk").first()


def answered(notices: Iterable[AnomalyNotice]) -> set[int]:
    """The primary keys of the notices that have an answer."""
    return set(NoticeDecision.objects.filter(notice__in=list(notices)).values_list("notice_id", flat=True))


def _with_answers(notices: QuerySet[AnomalyNotice], *, keep_order: bool = False) -> list[Answered]:
    listed = list(notices.prefetch_related("releases"))
    decisions: dict[int, list[NoticeDecision]] = {}
    for each in NoticeDecision.objects.filter(notice__in=listed).select_related("officer").order_by("-pk"):
        decisions.setdefault(each.notice_id, []).append(each)
    found = [Answered(each, tuple(decisions.get(each.pk, ()))) for each in listed]
    if keep_order:
        return found
    return sorted(found, key=_by_weight)


def _by_weight(each: Answered) -> tuple[bool, str, str, str]:
    notice = each.notice
    return notice.severity != "severe", notice.dataflow, notice.period, notice.series


def folder_of(release: Release) -> Path:
    """Where the files of a release lie."""
    return Path(settings.RELEASES) / release.folder


@lru_cache(maxsize=8)
def _manifest(folder: Path, expected: str) -> dict[str, Any]:
    return files.manifest_of(folder, expected)


@lru_cache(maxsize=4)
def _cube(folder: Path, manifest_sha256: str, dataflow: str) -> BaseCube:
    cells = _read(folder, manifest_sha256, f"cube/{dataflow}.parquet")
    return cube_from(cells, _read(folder, manifest_sha256, f"tables/{dataflow}.parquet"))


@lru_cache(maxsize=8)
def _read(folder: Path, manifest_sha256: str, name: str) -> pl.DataFrame:
    """A frame of a release, checked against the manifest once and then kept: what is released never changes."""
    listed = _manifest(folder, manifest_sha256)["files"]
    path = folder / name
    if name not in listed or not path.is_file() or files.sha256(path) != listed[name]["sha256"]:
        raise files.ReleaseDamaged(f"{folder.name}: {name} is not the file that was released; restore it from a copy")
    return pl.read_parquet(path)
