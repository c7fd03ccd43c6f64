"""The territory: departments, municipalities and districts, before and after May 2024."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "torogoz.shared.places"
    label = "places"
