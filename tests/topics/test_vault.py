"""Keys and what they seal: opened by who has them, for the row they were sealed for, and by nobody else."""

import os

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from torogoz.shared.vault import keyring, sealing
from torogoz.shared.vault.keyring import KeyMissing, Purpose
from torogoz.shared.vault.models import VaultKey
from torogoz.shared.vault.sealing import SealBroken

ABOUT = "people.identifier:7"


class WhatIsSealedOpensAgain(TestCase):
    @given(st.binary(max_size=400))
    def test_whatever_it_is(self, clear: bytes) -> None:
        sealed = sealing.seal("DGME", clear, ABOUT)
        assert sealing.opened("DGME", sealed, ABOUT) == clear
        assert len(clear) < 4 or clear not in sealed


@pytest.mark.django_db
def test_a_value_moved_to_another_row_or_institution_does_not_open() -> None:
    sealed = sealing.seal_text("DGME", "00016297-5", ABOUT)
    assert sealing.open_text("DGME", sealed, ABOUT) == "00016297-5"
    with pytest.raises(SealBroken, match="moved from another row"):
        sealing.open_text("DGME", sealed, "people.identifier:8")
    sealing.seal_text("MINSAL", "x", ABOUT)
    with pytest.raises(SealBroken):
        sealing.open_text("MINSAL", sealed, ABOUT)


@pytest.mark.django_db
def test_an_altered_value_does_not_open_at_any_byte() -> None:
    sealed = sealing.seal_text("DGME", "clear", ABOUT)
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises((SealBroken, KeyMissing)):
            sealing.opened("DGME", bytes(altered), ABOUT)


@pytest.mark.django_db
def test_the_same_value_is_sealed_differently_each_time_and_hashed_alike() -> None:
    assert sealing.seal_text("DGME", "x", ABOUT) != sealing.seal_text("DGME", "x", ABOUT)
    assert sealing.keyed_hash("DUI", "000162975") == sealing.keyed_hash("DUI", "000162975")
    assert sealing.keyed_hash("DUI", "000162975") != sealing.keyed_hash("PASSPORT", "000162975")


@pytest.mark.django_db
def test_no_key_is_in_the_database_unwrapped() -> None:
    sealing.seal_text("DGME", "x", ABOUT)
    _, secret = keyring.current(Purpose.SEAL, "DGME")
    for key in VaultKey.objects.all():
        assert secret not in bytes(key.wrapped)


@pytest.mark.django_db
def test_under_another_master_key_nothing_opens_and_the_error_says_what_to_do(settings: LazySettings) -> None:
    sealed = sealing.seal_text("DGME", "x", ABOUT)
    settings.MASTER_KEY = os.urandom(32)
    with pytest.raises(KeyMissing, match="TOROGOZ_MASTER_KEY"):
        sealing.open_text("DGME", sealed, ABOUT)


@pytest.mark.django_db
def test_losing_the_key_of_one_institution_harms_only_that_one() -> None:
    lost, kept = sealing.seal_text("DGME", "x", ABOUT), sealing.seal_text("MINSAL", "y", ABOUT)
    VaultKey.objects.filter(institution="DGME").delete()
    with pytest.raises(KeyMissing, match="vault_vaultkey"):
        sealing.open_text("DGME", lost, ABOUT)
    assert sealing.open_text("MINSAL", kept, ABOUT) == "y"
