"""How long data is kept: by table, over short months and leap years; and that the shipped rules leave no gap."""

from datetime import date

import pytest

from torogoz.domain.retention import DataClass, NoRule, RetentionRule, months_after, rule_for
from torogoz.shared.data_rights.retention_queries import retention_rules


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-11-26", 60, "2031-11-26"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-12-31", 0, "2026-12-31"),
    ],
)
def test_months_after(day: str, months: int, expected: str) -> None:
    assert months_after(date.fromisoformat(day), months).isoformat() == expected


def rule(valid_from: date, valid_until: date | None = None, months: int = 12) -> RetentionRule:
    return RetentionRule(DataClass.IDENTITY, months, "prueba", "test", "made up", True, valid_from, valid_until)


def test_the_rule_of_the_day_holds_and_two_at_once_are_refused() -> None:
    old, new = rule(date(2020, 1, 1), date(2026, 6, 30)), rule(date(2026, 7, 1), months=24)
    assert rule_for([old, new], DataClass.IDENTITY, date(2026, 6, 30)) == old
    assert rule_for([old, new], DataClass.IDENTITY, date(2026, 7, 1)) == new
    with pytest.raises(NoRule):
        rule_for([old, new], DataClass.IDENTITY, date(2019, 1, 1))
    with pytest.raises(NoRule):
        rule_for([old, rule(date(2026, 6, 1))], DataClass.IDENTITY, date(2026, 6, 15))


def test_every_class_has_a_shipped_rule_with_its_source_and_none_passes_for_verified() -> None:
    for one in DataClass:
        found = rule_for(retention_rules(), one, date(2026, 11, 26))
        assert found.provisional
        assert found.source
        assert found.basis_es != found.basis_en
