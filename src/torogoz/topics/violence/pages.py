"""What the pages of violence show, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

from torogoz.exchange.writers.charts.table import NOT_AVAILABLE, Cell, State, cell
from torogoz.shared.codelists.queries import names, provisions_of
from torogoz.shared.places.queries import names as names_of_places
from torogoz.shared.releases.models import Release
from torogoz.statistics.association import FEWEST_AREAS, Lag, Reason
from torogoz.statistics.crime import WHOLE
from torogoz.topics.violence import drawings, figures, files, queries
from torogoz.topics.violence.drawings import Ground, estimate_cell, lag_name, smoothed_cell
from torogoz.topics.violence.figures import Series
from torogoz.topics.violence.models import Estimate

MAIN: Final = "HOMICIDE"
FAR: Final = 1.05
CHOICES: Final = ("crime", "source", "year", "level")
Asked = Mapping[str, str]


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class Side:
    """Estimates about the same, as a page shows them."""

    title: str
    unit: str
    decimals: int
    rows: tuple[Mapping[str, Any], ...]
    contradicting: tuple[tuple[str, str], ...]
    spread: float | None
    drawing: str | None
    recommendation: Any

    @property
    def far(self) -> bool:
        """Whether the figures differ by more than one in twenty."""
        return self.spread is not None and self.spread >= FAR

    @property
    def bounded(self) -> bool:
        """Whether any of the sources published an interval."""
        return any(row["low"] is not NOT_AVAILABLE or row["high"] is not NOT_AVAILABLE for row in self.rows)


def overview(asked: Asked, language: str) -> dict[str, Any]:
    """The first page: what each institution counts of one crime, and every estimate beside those about the same."""
    release = queries.latest()
    cells = queries.crimes(release)
    crimes = names("CRIME", language)
    present = sorted({series.crime for series in figures.series_of(cells)})
    _only_known(asked, ("crime",))
    usual = MAIN if MAIN in present else ""
    crime = figures.chosen("crime", asked.get("crime", "") or usual, present)
    ground = _ground(release, language)
    drawn = None
    if crime:
        title = _("Figura 1. Víctimas: %(crime)s, según cada institución") % {"crime": crimes.get(crime, crime)}
        sources = names("CRIME_SOURCE", language)
        drawn = drawings.by_institution(figures.national(cells, crime), title, sources, ground)
    disputed = sorted(queries.side_by_side(), key=lambda about: not about.contradictions)
    sides = [_side(at, about, language) for at, about in enumerate(disputed, start=2)]
    return {
        "release": release,
        "crime": crimes.get(crime, crime),
        "crimes": [Option(code, crimes.get(code, code), code == crime) for code in present],
        "drawing": drawn,
        "sides": sides,
        "count": sum(len(side.rows) for side in sides),
        "provisions": [provision.text(language) for provision in provisions_of("S5")],
        "made_up": bool(release and release.made_up and present),
    }


def rates(asked: Asked, language: str) -> dict[str, Any]:
    """The rates of one series in one year, by department or municipality."""
    release = queries.latest()
    cells = queries.crimes(release)
    context = _choices(cells, asked, language) | {"release": release}
    series, year, level = context["series"], context["year"], context["level"]
    if series is None:
        return context
    found = figures.rates_of(cells, series, year, level, queries.population())
    area_names = _area_names(language)
    ground = _ground(release, language, found.people)
    told = {"crime": context["crime_name"], "source": context["source_name"], "year": year}
    drawing: str | None
    if level == figures.DEPARTMENT:
        title = _("Figura 1. %(crime)s por departamento, %(year)s (%(source)s): tasa suavizada") % told
        drawing = drawings.of_departments(found.frame, area_names, title, ground)
    else:
        title = _("Figura 1. %(crime)s, %(year)s (%(source)s): municipios con tasa suavizada más alta") % told
        drawing = drawings.of_municipalities(found.frame, area_names, title, ground)
    rows = [_rate_row(row, area_names) for row in found.frame.iter_rows(named=True)]
    return context | {
        "drawing": drawing,
        "rows": rows,
        "whole": [_rate_row(row, area_names) for row in found.whole.iter_rows(named=True)],
        "prior": found.prior,
        "mean": found.prior.mean * 100_000 if found.prior else None,
        "worth": found.prior.rate if found.prior and found.prior.variance > 0 else None,
        "rest": found.rest,
        "hidden": int((found.frame["CONF_STATUS"] != "F").sum()),
        "no_population": int(found.frame["POPULATION"].null_count()),
        "people": found.people,
        "made_up_people": found.made_up,
        "made_up": bool(release and release.made_up),
        "provisional": "P" in found.whole["OBS_STATUS"].to_list(),
    }


def association(asked: Asked, language: str) -> dict[str, Any]:
    """The association at every lag for one series."""
    release = queries.latest()
    cells = queries.crimes(release)
    context = _choices(cells, asked, language) | {"release": release}
    series = context["series"]
    if series is None or release is None:
        return context
    found = _associated(release, series)
    title = _("Figura 1. %(crime)s (%(source)s) y retornos que citan inseguridad, por desfase") % {
        "crime": context["crime_name"],
        "source": context["source_name"],
    }
    ground = _ground(release, language)
    return context | {
        "found": found,
        "drawing": drawings.of_lags(found.lags, title, ground),
        "rows": [_lag_row(lag) for lag in found.lags],
        "told": [lag_name(lag.lag).lower() for lag in found.lags if lag.told_from_chance],
        "made_up": release.made_up,
    }


def one(estimate: Estimate, language: str) -> dict[str, Any]:
    """One estimate with its versions, and the choices made among those about the same."""
    concepts, area_names = names("VIOLENCE_CONCEPT", language), _area_names(language)
    return {
        "estimate": estimate,
        "concept": concepts.get(estimate.concept, estimate.concept),
        "area": area_names.get(estimate.area, estimate.area),
        "decimals": _decimals([estimate]),
        "versions": [(each, estimate_cell(each)) for each in queries.versions(estimate)],
        "choices": list(queries.recommendations(estimate)),
    }


def typed(estimate: Estimate) -> dict[str, Any]:
    """A stored estimate as it stands in the form that corrects it."""
    figures_typed = {
        name: "" if value is None else f"{value:.12g}"
        for name, value in (("low", estimate.low), ("best", estimate.best), ("high", estimate.high))
    }
    kept = ("concept", "area", "period", "method", "source", "mark", "where")
    published_on = {"published_on": estimate.published_on.isoformat()}
    return {name: getattr(estimate, name) for name in kept} | figures_typed | published_on


def table_of(what: str, asked: Asked, language: str) -> tuple[pl.DataFrame | None, Release | None]:
    """The table of a file, and the release that it comes from; None when there is nothing to publish yet."""
    release = queries.latest()
    if what == "estimates":
        _only_known(asked, ())
        chosen = {
            about.recommended.pk: about.recommendation
            for about in queries.side_by_side()
            if about.recommendation is not None and about.recommended is not None
        }
        return files.of_estimates(list(queries.estimates()), chosen), None
    cells = queries.crimes(release)
    context = _choices(cells, asked, language)
    series = context["series"]
    if series is None or release is None:
        return None, None
    if what == "association":
        return files.of_lags(_associated(release, series).lags, series, made_up=release.made_up), release
    found = figures.rates_of(cells, series, context["year"], context["level"], queries.population())
    made_up = release.made_up or found.made_up
    return files.of_rates(found, series, context["year"], _area_names(language), made_up=made_up), release


def _associated(release: Release, series: Series) -> figures.Associated:
    people = tuple(sorted(queries.population().items(), key=lambda each: each[0]))
    return figures.association_of(release, release.manifest_sha256, series, people)


def _choices(cells: pl.DataFrame, asked: Asked, language: str) -> dict[str, Any]:
    """What may be chosen, and what is: crime, institution, year, level. Raises NotOffered."""
    _only_known(asked, CHOICES)
    every = figures.series_of(cells)
    if not every:
        return {"series": None, "year": "", "level": figures.DEPARTMENT}
    crimes, sources = names("CRIME", language), names("CRIME_SOURCE", language)
    codes = [code for code in crimes if code in {series.crime for series in every}]
    crime = figures.chosen("crime", asked.get("crime", ""), codes)
    institutions = [series.reported_by for series in every if series.crime == crime]
    institution = figures.chosen("source", asked.get("source", ""), institutions)
    series = Series(crime, institution)
    years = figures.years_of(cells, series)
    year = figures.chosen("year", asked.get("year", ""), years)
    level = figures.chosen("level", asked.get("level", ""), figures.LEVELS)
    levels = {figures.DEPARTMENT: _("Departamentos"), figures.MUNICIPALITY: _("Municipios")}
    return {
        "series": series,
        "year": year,
        "level": level,
        "crime_name": crimes.get(crime, crime),
        "source_name": sources.get(institution, institution),
        "crimes": [Option(code, crimes.get(code, code), code == crime) for code in codes],
        "institutions": [Option(code, sources.get(code, code), code == institution) for code in institutions],
        "years": [Option(each, each, each == year) for each in years],
        "levels": [Option(each, levels[each], each == level) for each in figures.LEVELS],
        "query": f"crime={crime}&source={institution}&year={year}&level={level}",
    }


def _only_known(asked: Asked, names_known: Sequence[str]) -> None:
    """Refuse a parameter that this page does not have: nothing that was asked is left out in silence."""
    for name in asked:
        if name not in (*names_known, "lang"):
            raise figures.NotOffered(name, "", names_known)


def why_not(refused: figures.NotOffered) -> str:
    """Why an address has no answer, and what can be asked instead."""
    offered = ", ".join(refused.offered)
    if not refused.asked:
        return _("«%(name)s» no se puede preguntar aquí. Se puede: %(offered)s.") % {
            "name": refused.name[:60],
            "offered": offered,
        }
    return _("%(name)s: «%(asked)s» no está entre lo publicado. Hay: %(offered)s.") % {
        "name": refused.name,
        "asked": refused.asked[:60],
        "offered": offered,
    }


def _side(number: int, about: queries.About, language: str) -> Side:
    concepts, area_names = names("VIOLENCE_CONCEPT", language), _area_names(language)
    concept = concepts.get(about.concept, about.concept)
    title = f"{concept}. {area_names.get(about.area, about.area)}, {about.period}"
    decimals = _decimals(about.estimates)
    recommended = about.recommended.pk if about.recommended else None
    rows = tuple(
        {
            "estimate": each,
            "cell": estimate_cell(each),
            "low": NOT_AVAILABLE if each.low is None else Cell(each.low),
            "high": NOT_AVAILABLE if each.high is None else Cell(each.high),
            "recommended": each.pk == recommended,
        }
        for each in about.estimates
    )
    drawing = None
    if len(about.estimates) > 1:
        last = max(each.published_on for each in about.estimates).isoformat()
        ground = Ground(_("las que dice la tabla"), last, language)
        heading = _("Figura %(number)s. %(title)s") % {"number": number, "title": title}
        drawing = drawings.of_estimates(
            f"estimates-{number}", heading, concept, about.estimates, recommended, decimals, ground
        )
    pairs = tuple((about.estimates[at].source, about.estimates[to].source) for at, to in about.contradictions)
    return Side(title, concept, decimals, rows, pairs, about.spread, drawing, about.recommendation)


def _decimals(estimates: Sequence[Estimate]) -> int:
    """One decimal where any figure has a fraction, else none."""
    values = [value for each in estimates for value in (each.low, each.best, each.high) if value is not None]
    return int(any(value != int(value) for value in values))


def _rate_row(row: Mapping[str, Any], area_names: Mapping[str, str]) -> dict[str, Any]:
    """One place as the table shows it."""
    hidden = row["CONF_STATUS"] != "F"
    lacking = Cell(None, State.SUPPRESSED) if hidden else NOT_AVAILABLE

    def known(name: str) -> Cell:
        return lacking if row[name] is None else Cell(row[name])

    return {
        "name": area_names.get(row["AREA"], row["AREA"]),
        "count": cell(row["COUNT"], row["OBS_STATUS"], row["CONF_STATUS"]),
        "population": NOT_AVAILABLE if row["POPULATION"] is None else Cell(row["POPULATION"]),
        "population_year": row["POPULATION_YEAR"],
        "rate": known("RATE"),
        "low": row["LOW"],
        "high": row["HIGH"],
        "smoothed": smoothed_cell(row),
        "smoothed_low": row["SMOOTHED_LOW"],
        "smoothed_high": row["SMOOTHED_HIGH"],
    }


def _lag_row(lag: Lag) -> dict[str, Any]:
    """One lag as the table shows it."""
    why = {
        Reason.FEW_AREAS: _("menos de %(least)s departamentos tienen ambos datos en un mismo año")
        % {"least": FEWEST_AREAS},
        Reason.FEW_YEARS: _("solo hay un año con ambos datos"),
        Reason.NO_VARIATION: _("todos los departamentos tienen el mismo valor"),
    }
    return {
        "name": lag_name(lag.lag),
        "lag": lag,
        "cell": NOT_AVAILABLE if lag.coefficient is None else Cell(lag.coefficient, State.KNOWN, lag.low, lag.high),
        "why": why[lag.reason] if lag.reason else "",
    }


def _area_names(language: str) -> dict[str, str]:
    return {**names_of_places(), WHOLE: names("AREA", language).get(WHOLE, WHOLE)}


def _ground(release: Release | None, language: str, people: Sequence[str] = ()) -> Ground:
    """Source and date below the figures of a page; made-up people are called so."""
    source = _("Torogoz, personas inventadas") if release is not None and release.made_up else "Torogoz"
    if people:
        source = _("%(source)s; población: %(publishers)s") % {"source": source, "publishers": ", ".join(people)}
    return Ground(source, timezone.localdate(release.public_from).isoformat() if release else "", language)
