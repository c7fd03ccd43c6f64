"""Rotation of keys: newer keys are added, what older ones sealed is sealed anew, and keys without use are removed.

Each step may be interrupted at any moment and done again: what was sealed anew stays so, and the rest still opens.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction

from torogoz.domain.access import Basis, Decision, Verb
from torogoz.shared.audit.actions import record
from torogoz.shared.vault import keyring, sealing, signing
from torogoz.shared.vault.columns import SealedColumn, sealed_columns
from torogoz.shared.vault.keyring import KeyMissing, Purpose
from torogoz.shared.vault.models import VaultKey
from torogoz.shared.vault.sealing import Batch, SealBroken

BATCH = 500
BY_DUTY = Decision(True, Basis.DUTY)
Progress = Callable[[str, int], None]


class KeyInUse(Exception):
    """A key that still opens something, or the newest of its kind, is not removed. Nothing was changed."""


@dataclass(frozen=True)
class KeyStatus:
    """One key: since when, whether it opens with the master key, and how many values only it opens (None: not counted,
    of a key that signs)."""

    label: str
    made_at: datetime
    opens: bool
    values: int | None


@dataclass(frozen=True)
class Verified:
    """How many sealed values opened, and those that did not: what each is of, and why."""

    opened: int
    faults: tuple[str, ...]


def status() -> list[KeyStatus]:
    """Every key, by purpose, institution and number."""
    sealed = _sealed_by_key()
    found = []
    for key in VaultKey.objects.order_by("purpose", "institution", "number"):
        values = sealed[key.institution, key.number] if key.purpose == Purpose.SEAL else None
        found.append(KeyStatus(keyring.label_of(key), key.made_at, keyring.opens(key), values))
    return found


@transaction.atomic
def rotate(purpose: Purpose, institution: str, now: datetime) -> VaultKey:
    """Add a newer key, with which everything is sealed, hashed or signed from now on."""
    signs = purpose == Purpose.SIGN
    added = signing.add_signing_key() if signs else keyring.add(purpose, institution, keyring.fresh())
    _note("key_added", added, now)
    return added


def rewrap(now: datetime, progress: Progress = lambda what, done: None) -> int:
    """Seal anew, and hash anew, whatever is not under the newest keys. How many values that were.

    In transactions of a few hundred rows; officers work on meanwhile. A value whose key is missing raises KeyMissing
    after all others were done, so that one lost key does not keep the rest from being rotated.
    """
    done, missing = 0, ""
    for model, column in sealed_columns():
        after = 0
        while True:
            after, changed, lost = _rewrap_some(model, column, after)
            done, missing = done + changed, missing or lost
            progress(model._meta.label, done)
            if not after:
                break
    record(
        officer="",
        institution="",
        verb=Verb.EDIT,
        what="sealed_anew",
        subjects=[],
        decision=BY_DUTY,
        channel="command",
        now=now,
        path=f"{done} values",
    )
    if missing:
        raise KeyMissing(f"{done} values were sealed anew; others were left as they are: {missing}")
    return done


@transaction.atomic
def drop(purpose: Purpose, institution: str, number: int, now: datetime) -> None:
    """Remove a key that opens nothing any more. Raises KeyInUse, KeyMissing."""
    key = VaultKey.objects.filter(purpose=purpose, institution=institution, number=number).first()
    if key is None:
        raise KeyMissing(f"there is no key {purpose}:{institution}:{number}; nothing was changed")
    label = keyring.label_of(key)
    if purpose == Purpose.SIGN:
        raise KeyInUse(f"{label} is kept for good: sheets that it signed may be checked at any time")
    newer = VaultKey.objects.filter(purpose=purpose, institution=institution, number__gt=number)
    if not newer.exists():
        raise KeyInUse(f"{label} is the newest of its kind; `torogoz keys rotate` first. Nothing was changed")
    left = _sealed_by_key()[institution, number] if purpose == Purpose.SEAL else _hashed_by_older()
    if left:
        raise KeyInUse(f"{label} still serves {left} values; `torogoz keys rewrap` first. Nothing was changed")
    key.delete()
    _note("key_removed", key, now)


@transaction.atomic
def take_new_master(now: datetime) -> int:
    """Wrap with the master key whatever is still wrapped by the one before it. How many keys that were.

    All or none of them. Raises KeyMissing when some key opens with neither.
    """
    changed = 0
    for key in VaultKey.objects.select_for_update().order_by("pk"):
        secret, under = keyring.unwrap_with_any(bytes(key.wrapped), keyring.label_of(key))
        if under != settings.MASTER_KEY:
            key.wrapped = keyring.wrap(secret, keyring.label_of(key), keyring.master())
            key.save(update_fields=["wrapped"])
            _note("key_wrapped_anew", key, now)
            changed += 1
    return changed


def verify() -> Verified:
    """Open every sealed value, show none."""
    batch, opened, faults = Batch(), 0, []
    for model, column in sealed_columns():
        for key, code, sealed, _hashed in _rows(model, column):
            try:
                batch.opened(code, sealed, column.about(model, key))
                opened += 1
            except (SealBroken, KeyMissing) as why:
                faults.append(str(why))
    return Verified(opened, tuple(faults))


def _rewrap_some(model: type[models.Model], column: SealedColumn, after: int) -> tuple[int, int, str]:
    """The next rows after a primary key: the last one seen or 0 at the end, how many changed, and what was missing."""
    with transaction.atomic():
        batch, changed, lost = Batch(), 0, ""
        fields = ("pk", *_columns(column))
        held = model._base_manager.select_for_update(of=("self",)).filter(
            **{"pk__gt": after, f"{column.field}__isnull": False}
        )
        seen = list(held.order_by("pk").values_list(*fields)[:BATCH])
        for pk, key, code, sealed, hashed in seen:
            try:
                values = _anew(batch, model, column, key, code, bytes(sealed), hashed)
            except (KeyMissing, SealBroken) as why:
                lost = lost or str(why)
                continue
            if values:
                model._base_manager.filter(pk=pk).update(**values)
                changed += 1
        return (seen[-1][0] if len(seen) == BATCH else 0), changed, lost


def _anew(
    batch: Batch, model: type[models.Model], column: SealedColumn, key: object, code: str, sealed: bytes, hashed: Any
) -> dict[str, bytes]:
    """The columns of one row to write: none when it is under the newest keys already."""
    about = column.about(model, key)
    newest = batch.newest(code)
    if sealing.key_number(sealed) == newest and not column.hashed:
        return {}
    clear = batch.opened(code, sealed, about)
    values = {}
    if sealing.key_number(sealed) != newest:
        values[column.field] = batch.seal(code, clear, about)
    if column.hashed:
        fresh = batch.keyed_hashes(column.kind, column.fold(clear.decode()))[0]
        if fresh != bytes(hashed):
            values[column.hashed] = fresh
    return values


def _columns(column: SealedColumn) -> tuple[str, str, str, str]:
    return column.key, column.institution, column.field, column.hashed or column.field


def _rows(model: type[models.Model], column: SealedColumn) -> Iterator[tuple[object, str, bytes, bytes]]:
    stored = model._base_manager.filter(**{f"{column.field}__isnull": False}).order_by("pk")
    for key, code, sealed, hashed in stored.values_list(*_columns(column)).iterator():
        yield key, code, bytes(sealed), bytes(hashed)


def _sealed_by_key() -> Counter[tuple[str, int]]:
    counted: Counter[tuple[str, int]] = Counter()
    for model, column in sealed_columns():
        counted.update((code, sealing.key_number(sealed)) for _key, code, sealed, _hashed in _rows(model, column))
    return counted


def _hashed_by_older() -> int:
    """How many keyed hashes are not under the newest key."""
    batch, older = Batch(), 0
    for model, column in sealed_columns():
        if column.hashed:
            for key, code, sealed, hashed in _rows(model, column):
                clear = batch.opened(code, sealed, column.about(model, key)).decode()
                older += batch.keyed_hashes(column.kind, column.fold(clear))[0] != hashed
    return older


def _note(what: str, key: VaultKey, now: datetime) -> None:
    record(
        officer="",
        institution=key.institution,
        verb=Verb.EDIT,
        what=what,
        subjects=[keyring.label_of(key)],
        decision=BY_DUTY,
        channel="command",
        now=now,
    )
