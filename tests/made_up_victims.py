"""A made-up register of victims in the shape of the public files of CTDC: 27 columns, many unknowns, a few kinds of
story (latent classes) that make columns go together. Nobody in it exists."""

import numpy as np
import polars as pl

UNKNOWN = "_U"
YEARS = tuple(str(year) for year in range(2012, 2024))
AGES = ("Y0T8", "Y9T17", "Y18T20", "Y21T23", "Y24T26", "Y27T29", "Y30T38", "Y39T47", "Y_GE48", UNKNOWN)
SEXES = ("F", "M", "_O", UNKNOWN)
COUNTRIES = (*(f"C{number:02d}" for number in range(1, 61)), UNKNOWN)
MONTHS = ("M0T12", "M13T24", "M_GE25", UNKNOWN)
ANSWERS = ("Y", "N", UNKNOWN)
MEANS = ("DEBT", "THREATS", "ABUSE", "PROMISES", "DRUGS", "DENY", "HOURS", "DOCUMENTS", "RESTRICT", "WATCH", "MONEY")
TYPES = ("LABOUR", "SEXUAL", "OTHER_TYPE")
RECRUITERS = ("PARTNER", "FRIEND", "FAMILY", "OTHER_RECRUITER", "NO_RECRUITER")
CODES: dict[str, tuple[str, ...]] = {
    "YEAR": YEARS, "AGE": AGES, "SEX": SEXES, "CITIZENSHIP": COUNTRIES, "COUNTRY": COUNTRIES, "DURATION": MONTHS,
    **dict.fromkeys((*TYPES, *MEANS, *RECRUITERS), ANSWERS), "CHILD": ANSWERS, "SELF_REPORTED": ANSWERS,
}  # fmt: skip
KINDS = 6


def victims(rows: int, seed: int = 20) -> pl.DataFrame:
    """`rows` made-up people, 27 columns of codes. Each belongs to one of six kinds, which shapes every column."""
    chance = np.random.default_rng(seed)
    kind = chance.choice(KINDS, rows, p=(0.34, 0.24, 0.16, 0.12, 0.09, 0.05))
    frame: dict[str, np.ndarray] = {}
    for name, codes in CODES.items():
        size, unknown = len(codes), float(chance.uniform(0.05, 0.6))
        steep = 0.4 if size <= 12 else 0.08
        drawn = np.empty(rows, dtype=object)
        for each in range(KINDS):
            own = np.flatnonzero(kind == each)
            shares = chance.dirichlet(np.full(size, steep))
            if codes[-1] == UNKNOWN and name not in ("YEAR",):
                shares[-1] = 0.0
                shares = shares / shares.sum() * (1 - unknown)
                shares[-1] = unknown
            drawn[own] = chance.choice(np.array(codes), own.size, p=shares / shares.sum())
        frame[name] = drawn
    return pl.DataFrame({name: pl.Series(values, dtype=pl.String) for name, values in frame.items()})
