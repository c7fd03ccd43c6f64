"""Voting of bodies and of people: polls, ballots, and the one gate through which results leave."""

from django.apps import AppConfig


class PollsConfig(AppConfig):
    name = "torogoz.shared.polls"
    label = "polls"
