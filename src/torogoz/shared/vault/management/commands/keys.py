"""`torogoz keys`: what keys there are, newer ones, what is sealed anew, and whether everything opens."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from torogoz.shared.institutions.models import Institution
from torogoz.shared.vault import rotation
from torogoz.shared.vault.keyring import KeyMissing, Purpose, label_of
from torogoz.shared.vault.models import VaultKey
from torogoz.shared.vault.signing import public_keys

SHOWN_FAULTS = 20


class Command(BaseCommand):
    help = "The keys that seal what harms: their state, newer ones, sealing anew, a new master key, opening everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word says what to do."""
        what = parser.add_subparsers(dest="what", required=True, metavar="status | rotate | public | rewrap | drop | …")
        what.add_parser("status", help="every key, whether it opens, and how many values it seals")
        rotate = what.add_parser("rotate", help="add a newer key, used from now on")
        which = rotate.add_mutually_exclusive_group(required=True)
        which.add_argument("--institution", help="code of the institution whose key it is")
        which.add_argument("--all", dest="everybody", action="store_true", help="of every institution that has one")
        which.add_argument("--hash", dest="hashing", action="store_true", help="by which documents are looked up")
        which.add_argument("--sign", action="store_true", help="the key that signs sheets on paper")
        what.add_parser("rewrap", help="seal anew what older keys sealed; may be interrupted and run again")
        drop = what.add_parser("drop", help="remove a key that opens nothing any more")
        drop.add_argument("label", help="as `status` prints it: seal:DGME:1")
        what.add_parser("new-master", help="wrap every key with the new master key")
        what.add_parser("public", help="print the public keys (PEM) by which sheets are checked, the newest first")
        what.add_parser("verify", help="open every sealed value, and say which do not open")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        """Do it, and say what was done; fail when something was not."""
        try:
            getattr(self, f"_{what.replace('-', '_')}")(**options)
        except (KeyMissing, rotation.KeyInUse) as why:
            raise CommandError(str(why)) from why

    def _status(self, **options: Any) -> None:
        self.stdout.write(f"{'key':<28}{'made':<18}{'opens':<7}values")
        for key in rotation.status():
            values = "" if key.values is None else f"{key.values:,}"
            self.stdout.write(f"{key.label:<28}{key.made_at:%Y-%m-%d %H:%M}  {'yes' if key.opens else 'NO':<7}{values}")

    def _rotate(self, *, institution: str | None, everybody: bool, hashing: bool, sign: bool, **options: Any) -> None:
        if hashing or sign:
            chosen = [(Purpose.HASH if hashing else Purpose.SIGN, "")]
        elif everybody:
            stored = VaultKey.objects.filter(purpose=Purpose.SEAL).values_list("institution", flat=True)
            chosen = [(Purpose.SEAL, code) for code in sorted(set(stored))]
        elif Institution.objects.filter(code=institution).exists():
            chosen = [(Purpose.SEAL, institution or "")]
        else:
            raise CommandError(f"there is no institution {institution}; nothing was changed")
        for purpose, code in chosen:
            self.stdout.write(f"added {label_of(rotation.rotate(purpose, code, timezone.now()))}")
        if not sign:
            self.stdout.write("Now `torogoz keys rewrap`: until then the older key is needed too.")

    def _rewrap(self, **options: Any) -> None:
        self.stdout.write(f"{rotation.rewrap(timezone.now()):,} values sealed anew")

    def _drop(self, *, label: str, **options: Any) -> None:
        parts = label.split(":")
        if len(parts) != 3 or parts[0] not in Purpose.values or not parts[2].isdigit():
            raise CommandError(f"{label} is no key; `torogoz keys status` prints them. Nothing was changed")
        rotation.drop(Purpose(parts[0]), parts[1], int(parts[2]), timezone.now())
        self.stdout.write(f"removed {label}")

    def _new_master(self, **options: Any) -> None:
        self.stdout.write(f"{rotation.take_new_master(timezone.now())} keys wrapped by the new master key")
        self.stdout.write("Take a back-up now, then remove TOROGOZ_MASTER_KEY_BEFORE and start the site again.")

    def _public(self, **options: Any) -> None:
        pems = public_keys()
        if not pems:
            raise CommandError("no sheet was signed here yet, so there is no public key; print one sheet first")
        self.stdout.write("".join(pem.decode("ascii") for pem in pems), ending="")

    def _verify(self, **options: Any) -> None:
        found = rotation.verify()
        self.stdout.write(f"{found.opened:,} sealed values open")
        if found.faults:
            listed = "\n  ".join(found.faults[:SHOWN_FAULTS])
            raise CommandError(f"{len(found.faults):,} do not open; they are left as they are:\n  {listed}")
