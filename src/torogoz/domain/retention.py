"""How long each class of data is kept after a person was last met: dated rules, and the day on which that ends."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS = 12


class DataClass(StrEnum):
    """What a rule is about: who the person is, or the sections of one sensitivity."""

    IDENTITY = "identity"
    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    PROTECTED = "protected"


class NoRule(LookupError):
    """No rule, or more than one, is in force for a class of data on a day. Nothing is due then."""


@dataclass(frozen=True)
class RetentionRule:
    """One class of data is kept for so many months after the last encounter.

    provisional             whether nobody has compared the period with the law yet
    duty                    whether a law obliges to keep it so long, against the wish of the person; never provisional
    valid_from, valid_until days on which the rule is in force, the last one included; None has no end
    """

    data_class: DataClass
    months: int
    basis_es: str
    basis_en: str
    source: str
    provisional: bool
    valid_from: date
    valid_until: date | None = None
    duty: bool = False

    def __post_init__(self) -> None:
        if self.duty and self.provisional:
            raise ValueError("a period that nobody compared with the law is no duty")

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on this day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def kept_until(self, last: date) -> date:
        """The last day on which data of somebody last met on `last` is kept."""
        return months_after(last, self.months)

    def met_before(self, today: date) -> date:
        """Who was last met before this day is due on `today`."""
        return months_after(today, -self.months)


def rule_for(rules: Iterable[RetentionRule], data_class: DataClass, day: date) -> RetentionRule:
    """The one rule of this class that is in force on this day. Raises NoRule."""
    found = [rule for rule in rules if rule.data_class is data_class and rule.holds(day)]
    if len(found) != 1:
        raise NoRule(f"{len(found)} rules are in force for {data_class} on {day}; there must be one")
    return found[0]


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last one where that month is shorter."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
