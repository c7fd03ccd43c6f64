"""What a reader may choose, read from the address: every word is checked, and what was typed stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from django.http import QueryDict
from django.utils.translation import gettext as _

from torogoz.domain.ages import SETS
from torogoz.domain.letters import fold
from torogoz.shared.ui.public import of_nobody
from torogoz.statistics import periods
from torogoz.statistics.dataflows import TIME, Dataflow, Dimension, Role
from torogoz.topics.flows.questions import FREQUENCIES, WITH_AGES, Question

MOST_OPTIONS = 45
MOST_DIMENSIONS = 3
# What an address may ask besides codes of dimensions, whose names are in capitals.
ASKING = ("from", "to", "by", "rows", "columns", "freq", "ages")
PARAMETERS = (*ASKING, "lang", "page", "scale")
Option = tuple[str, str, bool]


@dataclass(frozen=True)
class Choice:
    """One control: `options` are code, name and whether it is chosen; with a `list_name` the code is typed in."""

    name: str
    label: str
    value: str = ""
    options: tuple[Option, ...] = ()
    list_name: str = ""
    hint: str = ""
    error: str = ""


@dataclass(frozen=True)
class Asked:
    """The question that was understood, the controls with what was typed, and what could not be understood."""

    question: Question
    choices: tuple[Choice, ...]
    problems: tuple[tuple[str, str], ...]
    page: int = 1


class _Reader:
    """Reads one address, gathering what is wrong with it."""

    def __init__(
        self,
        flow: Dataflow,
        data: QueryDict,
        names: Mapping[str, Mapping[str, str]],
        present: Mapping[str, Sequence[str]],
    ) -> None:
        self.flow, self.data, self.names, self.present = flow, data, names, present
        self.problems: dict[str, str] = {}

    def words(self, name: str) -> list[str]:
        """What was given for one name, in one value or several, with commas or without."""
        return [word.strip() for text in self.data.getlist(name) for word in text.split(",") if word.strip()]

    def typed(self, name: str) -> str:
        return ",".join(self.words(name))

    def codes(self, dimension: Dimension) -> tuple[str, ...]:
        """The codes given for a dimension, by code or by name; a problem for each word that is neither."""
        names, present = self.names.get(dimension.id, {}), self.present.get(dimension.id, ())
        known = {*names, *present}
        by_name = {fold(name): code for code, name in names.items()}
        found: list[str] = []
        whole = fold(self.typed(dimension.id))
        words = [whole] if whole in by_name else self.words(dimension.id)
        for word in words:
            code = next((code for code in (word, word.upper()) if code in known), None) or by_name.get(fold(word))
            if code is None:
                self.problems[dimension.id] = _no_such_code(word, known, by_name)
            else:
                found.append(code)
        return tuple(dict.fromkeys(found))

    def period(self, name: str) -> str:
        """The period given as beginning or end."""
        return self.as_period(name, self.typed(name))

    def as_period(self, name: str, text: str) -> str:
        """A period in its one spelling; "" for none."""
        if not text:
            return ""
        try:
            return periods.written(text)
        except periods.UnclearPeriod:
            self.problems[name] = _("«%(word)s» no es un período. Escriba 2020, 2020-Q3 o 2020-03.") % {"word": text}
            return ""

    def dimensions(self, usual: Sequence[str]) -> tuple[str, ...]:
        """The dimensions of the answer: `by`, or the two controls for rows and columns, or the usual ones."""
        given = self.words("by") or [*self.words("rows"), *self.words("columns")]
        for word in given:
            if word not in self.flow.names:
                self.problems["rows"] = _("«%(word)s» no es una dimensión de esta tabla. Tiene %(names)s.") % {
                    "word": word,
                    "names": ", ".join(self.flow.names),
                }
        if len(set(given)) > MOST_DIMENSIONS:
            self.problems["rows"] = _("Elija como mucho %(most)s dimensiones.") % {"most": MOST_DIMENSIONS}
        return tuple(dict.fromkeys(word for word in given if word in self.flow.names)) or tuple(usual)


def read(
    flow: Dataflow,
    data: QueryDict,
    names: Mapping[str, Mapping[str, str]],
    present: Mapping[str, Sequence[str]],
    opening: Question,
    titles: Mapping[str, str],
) -> Asked:
    """The question of an address.

    names    the names of the codes of each dimension, in the reader's language
    present  the codes that the data have
    opening  what is answered to an address that asks for nothing
    titles   what the dimensions are called
    """
    reader = _Reader(flow, data, names, present)
    for name in data:
        if name not in (*flow.names, *PARAMETERS) and not of_nobody(name):
            reader.problems[name] = no_such_parameter(name, (*flow.names, *PARAMETERS))
    where = {dimension.id: reader.codes(dimension) for dimension in flow.dimensions if dimension.id != TIME}
    first, last = reader.period("from"), reader.period("to")
    if reader.typed(TIME):
        begins, colon, ends = reader.typed(TIME).partition(":")
        first, last = reader.as_period(TIME, begins), reader.as_period(TIME, ends if colon else begins)
    if first and last and periods.bounds(first)[0] > periods.bounds(last)[1]:
        reader.problems["to"] = _("El período termina antes de comenzar.")
    frequency = reader.typed("freq")
    if frequency and frequency not in FREQUENCIES:
        reader.problems["freq"] = _("La frecuencia es A (año), Q (trimestre) o M (mes).")
        frequency = ""
    by = reader.dimensions(opening.by)
    ages = _ages(reader, where, by)
    asked = any(name in data for name in (*flow.names, *ASKING))
    question = opening
    if set(data) & {*flow.names, *ASKING} == {"ages"}:  # the opening view, in the bands asked for
        reader.problems.pop("ages", None)
        question = replace(opening, ages=_ages(reader, opening.where, opening.by))
    elif asked:
        question = Question(
            flow=flow,
            where={name: codes for name, codes in where.items() if codes},
            first=first,
            last=last,
            by=by,
            frequency=frequency,
            ages=ages,
        )
    page = reader.typed("page")
    return Asked(
        question=question,
        choices=tuple(_choices(reader, question, titles)),
        problems=tuple((name, text) for name, text in reader.problems.items()),
        page=int(page) if page.isdecimal() and len(page) < 6 and int(page) > 0 else 1,
    )


def no_such_parameter(name: str, known: Sequence[str]) -> str:
    """What to say of a parameter that does not exist, with the nearest."""
    by_folded = {each.lower(): each for each in known}
    near = [by_folded[each] for each in get_close_matches(name.lower(), by_folded, n=2, cutoff=0.7)]
    if near:
        return _("No se puede preguntar por «%(word)s». ¿Quiso escribir %(near)s?") % {
            "word": name[:60],
            "near": _(" o ").join(near),
        }
    return _("No se puede preguntar por «%(word)s». Se puede por %(names)s.") % {
        "word": name[:60],
        "names": ", ".join(known),
    }


def _ages(reader: _Reader, where: Mapping[str, tuple[str, ...]], by: Sequence[str]) -> str:
    """The set of bands that the ages are brought to; "" as published."""
    ages = reader.typed("ages")
    if not ages:
        return ""
    if reader.flow.id not in WITH_AGES:
        reader.problems["ages"] = _("Las edades de esta tabla se muestran como se publican.")
    elif ages not in SETS:
        reader.problems["ages"] = _("Los grupos de edad son %(names)s.") % {"names": ", ".join(SETS)}
    elif where.get("AGE"):
        reader.problems["ages"] = _("Elija grupos comparables o una edad publicada, pero no las dos cosas.")
    elif "AGE" not in by:
        reader.problems["ages"] = _("Para ver grupos de edad, elija la edad en las filas o en las columnas.")
    else:
        return ages
    return ""


def only_what_was_asked(asked: Asked, data: QueryDict) -> Question:
    """The question for a file: without dimensions in the address the observations themselves, one row each."""
    if asked.question.ages or any(data.get(name) for name in ("by", "rows", "columns")):
        return asked.question
    given = any(data.get(name) for name in (*asked.question.flow.names, "from", "to", "freq"))
    return replace(asked.question, by=()) if given else Question(flow=asked.question.flow)


def _choices(reader: _Reader, question: Question, titles: Mapping[str, str]) -> list[Choice]:
    """The controls: one per dimension with more than one code, then periods, rows and columns."""
    controls = []
    for dimension in reader.flow.dimensions:
        present = reader.present.get(dimension.id, ())
        if dimension.id == TIME or (len(present) < 2 and dimension.id not in reader.problems):
            continue
        chosen = ",".join(question.where.get(dimension.id, ())) or reader.typed(dimension.id)
        controls.append(_choice(reader, dimension, present, chosen, titles))
    for name, label in (("from", _("Desde")), ("to", _("Hasta"))):
        # A TIME_PERIOD that cannot be read has no control of its own: it is shown, and mended, where a period begins.
        unread = TIME if name == "from" and TIME in reader.problems else name
        value = reader.typed(unread) or (question.first if name == "from" else question.last)
        hint = _("por ejemplo %(period)s") % {"period": _example(reader.present.get(TIME, ()))}
        controls.append(Choice(name, label, value, hint=hint, error=reader.problems.get(unread, "")))
    lengths = {periods.frequency(period) for period in reader.present.get(TIME, ())}
    if lengths - {"A"} and reader.flow.dimension(TIME).role is Role.SUM:
        said = {"A": _("por año"), "Q": _("por trimestre"), "M": _("por mes")}
        offered = [("A", said["A"]), *((each, said[each]) for each in ("Q", "M") if each in lengths)]
        options: tuple[Option, ...] = (("", _("como se publica"), not question.frequency),)
        options += tuple((each, name, each == question.frequency) for each, name in offered)
        controls.append(
            Choice("freq", _("Frecuencia"), question.frequency, options, error=reader.problems.get("freq", ""))
        )
    if reader.flow.id in WITH_AGES:
        sets = {
            "five": _("de cinco en cinco años"),
            "unhcr": _("0–4, 5–11, 12–17, 18–59, 60 y más"),
            "national": _("0–11, 12–17, 18–29, 30–59, 60 y más"),
            "majority": _("menores de 18, y 18 y más"),
        }
        options = (("", _("como se publican"), not question.ages),)
        options += tuple((each, name, each == question.ages) for each, name in sets.items())
        controls.append(
            Choice(
                "ages",
                _("Grupos de edad"),
                question.ages,
                options,
                hint=_("Para comparar publicadores. Lo que se reparte queda marcado como estimado."),
                error=reader.problems.get("ages", ""),
            )
        )
    rows = question.by[0] if question.by else ""
    columns = question.by[-1] if len(question.by) > 1 else ""
    for name, label, value in (("rows", _("Filas"), rows), ("columns", _("Columnas"), columns)):
        names: tuple[Option, ...] = tuple((each, titles.get(each, each), each == value) for each in reader.flow.names)
        none = (("", _("ninguna"), not value),) if name == "columns" else ()
        controls.append(Choice(name, label, value, (*none, *names), error=reader.problems.get(name, "")))
    return controls


def _choice(
    reader: _Reader, dimension: Dimension, present: Sequence[str], chosen: str, titles: Mapping[str, str]
) -> Choice:
    names = reader.names.get(dimension.id, {})
    label = titles.get(dimension.id, dimension.id)
    error = reader.problems.get(dimension.id, "")
    if len(present) > MOST_OPTIONS:
        return Choice(dimension.id, label, chosen, list_name=(dimension.codelist or dimension.id).lower(), error=error)
    order = {code: place for place, code in enumerate(names)}
    codes = sorted(present, key=lambda code: (order.get(code, len(order)), code))
    if dimension.role is Role.TOTAL:
        codes = [code for code in codes if code != dimension.total or code == chosen]
    options = [(code, names.get(code, code), code == chosen) for code in codes]
    if chosen and chosen not in present:
        said = ", ".join(names.get(code, code) for code in chosen.split(","))
        options.insert(0, (chosen, said, True))
    everything = ("", _everything(dimension, names), not chosen)
    return Choice(dimension.id, label, chosen, (everything, *options), error=error)


def _everything(dimension: Dimension, names: Mapping[str, str]) -> str:
    """What choosing no code of a dimension means."""
    if dimension.role is Role.TOTAL:
        return _("%(total)s (sin desglosar)") % {"total": names.get(dimension.total, dimension.total)}
    return _("todos, sumados") if dimension.role is Role.SUM else _("todos, cada uno aparte")


def _example(present: Sequence[str]) -> str:
    return present[-1] if present else "2020"


def _no_such_code(word: str, known: set[str], by_name: Mapping[str, str]) -> str:
    """What to say of a word that is neither a code nor a name, with the nearest."""
    near = get_close_matches(word.upper(), known, n=2, cutoff=0.6) or [
        by_name[name] for name in get_close_matches(fold(word), by_name, n=2, cutoff=0.7)
    ]
    if near:
        return _("No existe el código «%(word)s». ¿Quiso escribir %(near)s?") % {
            "word": word[:60],
            "near": _(" o ").join(near),
        }
    return _("No existe el código «%(word)s».") % {"word": word[:60]}
