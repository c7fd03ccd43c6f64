"""The words of a review and of a dossier, in both languages. The order of the headings is ours, not that of a form."""

from typing import Final

from torogoz.statistics.deliberation.progress import Status
from torogoz.topics.commitments.review_english import ENGLISH
from torogoz.topics.commitments.review_spanish import SPANISH

STATUSES: Final = {
    "es": {
        Status.NOT_STARTED: "sin iniciar",
        Status.PLANNED: "planificado",
        Status.IN_PROGRESS: "en marcha",
        Status.PARTIALLY: "cumplido en parte",
        Status.FULFILLED: "cumplido",
        Status.REGRESSED: "retrocedió",
        Status.NO_INFORMATION: "sin información",
        Status.NO_TARGET: "sin meta fijada",
    },
    "en": {
        Status.NOT_STARTED: "not started",
        Status.PLANNED: "planned",
        Status.IN_PROGRESS: "in progress",
        Status.PARTIALLY: "fulfilled in part",
        Status.FULFILLED: "fulfilled",
        Status.REGRESSED: "went backwards",
        Status.NO_INFORMATION: "no information",
        Status.NO_TARGET: "no target set",
    },
}
WORDS: Final = {"es": SPANISH, "en": ENGLISH}
