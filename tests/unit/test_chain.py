"""The chain of hashes of the record of accesses."""

from torogoz.domain.chain import GENESIS, link


def test_the_order_of_fields_does_not_matter() -> None:
    assert link(GENESIS, {"a": 1, "b": 2}) == link(GENESIS, {"b": 2, "a": 1})


def test_any_change_of_content_or_of_what_came_before_changes_the_hash() -> None:
    whole = link(GENESIS, {"a": 1})
    assert link(GENESIS, {"a": 2}) != whole
    assert link(whole, {"a": 1}) != whole
