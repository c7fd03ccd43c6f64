"""A chain of hashes: a row that is altered, removed or put in breaks every hash after it."""

import hashlib
import json
from collections.abc import Mapping

GENESIS = "0" * 64


def link(previous_hash: str, content: Mapping[str, object]) -> str:
    """The hash, in hexadecimal, of a row with this `content` that follows the row with `previous_hash`."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous_hash}\n{canonical}".encode()).hexdigest()
