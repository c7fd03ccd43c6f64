"""A participatory budget as a `.pb` file of Pabulib: the election, its projects, and one approval ballot a line.

Voters are numbered from 1 in the order given, which must not be that of casting where a ballot is secret.

source  Faliszewski et al. (2023), Participatory budgeting: data, tools, and analysis, IJCAI, and pabulib.org/format
"""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

Money = int | Fraction


@dataclass(frozen=True)
class Election:
    """What a `.pb` file says of an election by approval.

    description, country, unit, instance  texts: what was decided, where, by whom, and which round
    begin, end                            first and last day of voting
    budget                                in units of money
    names                                 project to its name
    costs                                 project to its cost, in the same units
    ballots                               the projects that each voter approved
    rule                                  by which it was decided
    """

    description: str
    country: str
    unit: str
    instance: str
    begin: date
    end: date
    budget: Money
    names: Mapping[str, str]
    costs: Mapping[str, Money]
    ballots: Sequence[Collection[str]]
    rule: str = "equalshares/add1"


def pabulib(election: Election) -> bytes:
    """The file, UTF-8.

    raises  ValueError if a project has no name or a comma in its key, a ballot names none, or an amount is no decimal
    """
    if set(election.names) != set(election.costs):
        raise ValueError("each project needs a name and a cost")
    for ballot in election.ballots:
        if unknown := set(ballot) - set(election.costs):
            raise ValueError(f"{min(unknown)!r} is approved and is no project")
    if wrong := [project for project in election.costs if "," in project]:
        raise ValueError(f"the key {wrong[0]!r} of a project has a comma, which separates the projects of a ballot")
    votes = {project: sum(project in ballot for ballot in election.ballots) for project in election.costs}
    about = {
        "description": election.description,
        "country": election.country,
        "unit": election.unit,
        "instance": election.instance,
        "num_projects": str(len(election.costs)),
        "num_votes": str(len(election.ballots)),
        "budget": _amount(election.budget),
        "vote_type": "approval",
        "rule": election.rule,
        "date_begin": f"{election.begin:%d.%m.%Y}",
        "date_end": f"{election.end:%d.%m.%Y}",
        "min_length": "0",
        "max_length": str(len(election.costs)),
    }
    text = io.StringIO()
    write = csv.writer(text, delimiter=";", lineterminator="\n").writerow
    write(["META"])
    write(["key", "value"])
    for key, value in about.items():
        write([key, _line(value)])
    write(["PROJECTS"])
    write(["project_id", "cost", "votes", "name"])
    for project, cost in election.costs.items():
        write([project, _amount(cost), str(votes[project]), _line(election.names[project])])
    write(["VOTES"])
    write(["voter_id", "vote"])
    for number, ballot in enumerate(election.ballots, 1):
        write([str(number), ",".join(project for project in election.costs if project in ballot)])
    return text.getvalue().encode()


def _line(text: str) -> str:
    return " ".join(text.split())


def _amount(money: Money) -> str:
    """An amount as a decimal number. Raises ValueError if it has no end."""
    exact = Fraction(money)
    told = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(told) != exact:
        raise ValueError(f"{exact} has no end as a decimal number")
    return f"{told:f}"
