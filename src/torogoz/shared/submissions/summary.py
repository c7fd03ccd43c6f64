"""What commands say of a checked file, line by line."""

from collections.abc import Iterator

from torogoz.shared.submissions.preparing import Prepared
from torogoz.statistics.rules.schema import TableSchema


def summary_lines(prepared: Prepared, schema: TableSchema) -> Iterator[str]:
    """How many rows are good, which rules are broken how often, and what of the schema is not followed."""
    if schema.not_known:
        yield f"not followed in the schema: {', '.join(schema.not_known)}"
    yield f"{prepared.rows:,} rows read, {len(prepared.good):,} good, {len(prepared.set_aside):,} with an error"
    keys = ["severity", "rule", "column", "message_en"]
    counts = prepared.findings.group_by(keys).len().sort("severity", "len", "rule", descending=[False, True, False])
    for severity, rule, column, message, lines in counts.iter_rows():
        where = f" in {column}" if column else ""
        yield f"{severity:<7} {lines:>9,} × {rule}{where}: {message}"
