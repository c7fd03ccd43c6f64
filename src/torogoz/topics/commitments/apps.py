"""S3: what was agreed, provision by provision, and what came of it."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "torogoz.topics.commitments"
    label = "commitments"
