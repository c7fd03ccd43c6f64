"""The words in which it is shown how a child stands."""

from typing import Any

from torogoz.domain.children import Move
from torogoz.shared.households.child_queries import ChildSeen
from torogoz.shared.households.child_words import COMPANIES, MINORITIES, MOVED, MOVES, STUDIES
from torogoz.shared.households.words import called


def standing(seen: ChildSeen) -> dict[str, Any]:
    """How a child stands, in words."""
    return {
        "child": seen,
        "name": called(seen.person),
        "minority": MINORITIES[seen.minority],
        "company": COMPANIES[seen.company],
        "studies": [
            {
                "seen": one,
                "study": STUDIES[one.finding.study],
                "permits": [MOVES[each] for each in Move if each in one.finding.permits],
            }
            for one in seen.studies
        ],
        "moves": [{"seen": one, "moved": MOVED[Move(one.stored.move)]} for one in seen.moves],
    }
