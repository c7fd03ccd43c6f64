"""What the single form holds, as HTCDS 2.0 says it, and the other way round. What the other does not have stays empty.

Nothing is made more certain than it is: a victim who tells of trafficking is a possible one, «otro» is no gender of the
standard that could be guessed, a year of birth is no day.
"""

from collections.abc import Mapping
from typing import Final

from torogoz.domain.conditions import UNKNOWN

GENDERS: Final[Mapping[str, str]] = {"F": "Feminine", "M": "Masculine", UNKNOWN: "NonSpecifiedUnknown"}
SCHOOLING: Final[Mapping[str, str]] = {
    "PRIMARY": "PrimaryEducation",
    "LOWER": "LowerSecondaryEducation",
    "UPPER": "UpperSecondaryEducation",
}
WRITTEN: Final = (
    "prs_FirstName",
    "prs_MiddleName",
    "prs_SecondName",
    "prs_Birthdate",
    "prs_Gender",
    "prs_Citizenship",
    "prs_IdentityNumber",
    "prs_HighestLevelOfEducation",
    "vic_TraffickingStatus",
)
"""The fields that the single form can fill in."""

FULL_DATE: Final = len("2001-05-17")


def as_htcds(known: Mapping[str, object], answers: Mapping[str, object]) -> dict[str, str]:
    """One person of the single form in the fields of the standard.

    known    parts of the name, sex, birth, nationality, document (a number); what is not open is not there
    answers  by question, of the sections that are open to the reader
    """
    birth, nationality = str(known.get("birth", "")), str(known.get("nationality", ""))
    surnames = (str(known.get(part, "")) for part in ("surname1", "surname2"))
    victim = answers.get("victim_of")
    trafficked = isinstance(victim, list) and "TRAFFICKING" in victim
    found = {
        "prs_FirstName": str(known.get("given1", "")),
        "prs_MiddleName": str(known.get("given2", "")),
        "prs_SecondName": " ".join(filter(None, surnames)),
        "prs_Birthdate": birth if len(birth) == FULL_DATE else "",
        "prs_Gender": GENDERS.get(str(known.get("sex", "")), ""),
        "prs_Citizenship": "" if nationality == UNKNOWN else nationality,
        "prs_IdentityNumber": str(known.get("document", "")),
        "prs_HighestLevelOfEducation": SCHOOLING.get(str(answers.get("schooling", "")), ""),
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking" if trafficked else "",
    }
    return {field: found[field] for field in WRITTEN}


def from_htcds(case: Mapping[str, str]) -> dict[str, str]:
    """One line of a file in the codes of the single form's header, for an officer who looks for the person first.

    The second name is split at its last space: its parts are to be set right by whoever sees the person's papers. A
    gender that is neither of the two is left to be asked.
    """
    first, _, second = case.get("prs_SecondName", "").rpartition(" ")
    citizenships = [code for code in case.get("prs_Citizenship", "").split(";") if code]
    sexes = {gender: code for code, gender in GENDERS.items()}
    return {
        "given1": case.get("prs_FirstName", ""),
        "given2": case.get("prs_MiddleName", ""),
        "surname1": first or second,
        "surname2": second if first else "",
        "birth": case.get("prs_Birthdate", ""),
        "sex": sexes.get(case.get("prs_Gender", ""), UNKNOWN),
        "nationality": citizenships[0] if len(citizenships) == 1 and len(citizenships[0]) == 3 else UNKNOWN,
        "document": case.get("prs_IdentityNumber", ""),
    }
