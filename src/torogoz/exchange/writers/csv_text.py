"""CSV by RFC 4180: UTF-8, CRLF, a header line, quotes only where they are needed.

A figure is written as a number and nothing else: 12, 2.855. An empty OBS_VALUE is never a zero; OBS_STATUS and
CONF_STATUS say whether it is not available or suppressed.
"""

from collections.abc import Iterator

import polars as pl

ROWS_AT_ONCE = 20_000
STARTS_A_FORMULA = r"^[=+\-@\t\r\n]"


def pieces(frame: pl.DataFrame, rows_at_once: int = ROWS_AT_ONCE) -> Iterator[bytes]:
    """The CSV file of `frame`, in pieces; joined they are the whole file. An empty frame gives the header alone.

    Text that a spreadsheet would run as a formula is preceded by an apostrophe.
    """
    ready = frame.select(
        _harmless(name) if kind == pl.String else _plain_number(name) if kind.is_float() else pl.col(name)
        for name, kind in frame.schema.items()
    )
    for start in range(0, max(ready.height, 1), rows_at_once):
        part = ready.slice(start, rows_at_once)
        yield part.write_csv(line_terminator="\r\n", include_header=start == 0).encode()


def _harmless(name: str) -> pl.Expr:
    """The text of a column, with an apostrophe before what a spreadsheet would take for a formula."""
    text = pl.col(name)
    guarded = pl.concat_str(pl.lit("'"), text)
    return pl.when(text.str.contains(STARTS_A_FORMULA)).then(guarded).otherwise(text).alias(name)


def _plain_number(name: str) -> pl.Expr:
    """A float as text without a needless `.0`; null stays null, as do the not-a-number values."""
    value = pl.col(name)
    finite = value.is_finite()
    whole = finite & (value == value.floor()) & (value.abs() < 2**53)
    as_whole = pl.when(whole).then(value).otherwise(None).cast(pl.Int64).cast(pl.String)
    return pl.when(whole).then(as_whole).when(finite).then(value.cast(pl.String)).alias(name)
