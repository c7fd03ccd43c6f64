"""What was stored before the newest migrations is there after them, on either engine, and new rows can follow it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
BEFORE = [
    ("commitments", "0007_every_review_has_its_position"),
    ("data_rights", "0004_disposed"),
    ("devices", "0002_filled_forms"),
    ("diaspora", "0002_ratios"),
    ("exports", "0001_first"),
    ("people", "0010_disposed"),
]
AFTER = [
    ("commitments", "0008_measures_sent_back"),
    ("data_rights", "0005_asked_by_law"),
    ("devices", "0003_what_was_disposed_of"),
    ("diaspora", "0005_a_new_receipt"),
    ("exports", "0002_requests"),
    ("people", "0011_document_corrections"),
]
ENOUGH: dict[type[Any], Any] = {
    models.BinaryField: b"sealed",
    models.BooleanField: False,
    models.DateField: NOW.date(),
    models.DateTimeField: NOW,
    models.DecimalField: 1,
    models.JSONField: [],
    models.PositiveIntegerField: 1,
    models.PositiveSmallIntegerField: 1,
}
"""What a column holds of which the test says nothing."""


def row(apps: Any, label: str, **given: Any) -> Any:
    """One row of a table as the migrations had it then, with all that it cannot do without."""
    table = apps.get_model(label)
    for field in table._meta.concrete_fields:
        if field.name in given or field.null or field.has_default() or field.primary_key:
            continue
        if field.is_relation:
            given[field.name] = row(apps, field.related_model._meta.label)
        elif isinstance(field, models.UUIDField):
            given[field.name] = uuid4()
        elif field.choices:
            given[field.name] = field.choices[0][0]
        elif isinstance(field, models.CharField | models.TextField):
            count = table._base_manager.count() if field.unique else 0
            given[field.name] = "" if field.blank else f"{field.name}{count}"[: field.max_length]
        else:
            given[field.name] = ENOUGH[type(field)]
    return table._base_manager.create(**given)


def stored(apps: Any, kept: Any) -> dict[str, Any]:
    """What is in the row now, of the columns that it had before."""
    found = apps.get_model(kept._meta.label)._base_manager.get(pk=kept.pk)
    columns = [field.attname for field in kept._meta.concrete_fields]
    return {name: _plain(getattr(found, name)) for name in columns}


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def test_old_rows_keep_what_they_say_and_new_ones_follow(database_beside: None) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps
    person = row(old, "people.Person", sex="F", birth="1990")
    device = row(old, "devices.Device", valid_until=NOW.replace(year=2027))
    filled = row(old, "devices.FilledForm", device=device, state="held", why="person")
    association = row(old, "diaspora.Association")
    project = row(old, "diaspora.Project")
    rounds = [
        row(old, "diaspora.Round", title_es="Agua", title_en="Water", created_at=NOW.replace(day=day))
        for day in (1, 10, 25)
    ]
    for one in rounds:
        row(old, "diaspora.RoundProject", round=one, project=project)
    matched, of_others = (
        row(old, "diaspora.Fund", project=project, giver=giver, recorded_at=NOW) for giver in (" agua ", "Alcaldia")
    )
    measure = row(old, "commitments.Measure")
    export = row(old, "exports.Export")
    request = row(old, "data_rights.Request")
    kept = [
        person, filled, association, *rounds, matched, of_others, measure, export, request,
        row(old, "devices.Ruling", filled=filled, verdict="same", person=person),
        row(old, "devices.FormFile", filled=filled, sealed=b"sealed"),
        row(old, "diaspora.AssociationStep", association=association, step="verify"),
        row(old, "people.Correction", person=person),
    ]  # fmt: skip
    before = [stored(old, one) for one in kept]
    executor = MigrationExecutor(connection)
    executor.migrate(AFTER)
    new = executor.loader.project_state(AFTER).apps
    assert [stored(new, one) for one in kept] == before
    funds = new.get_model("diaspora.Fund").objects
    assert funds.get(pk=matched.pk).round_id == rounds[1].pk  # the last of its name that was made before the money
    assert funds.get(pk=of_others.pk).round_id is None
    same = {name: new.get_model(name) for name in ("people.Person", "commitments.Measure", "exports.Export")}
    row(new, "people.DocumentCorrection", person=same["people.Person"].objects.get(pk=person.pk))
    row(new, "commitments.MeasureReturn", measure=same["commitments.Measure"].objects.get(pk=measure.pk))
    row(new, "exports.ExportRequest", made=same["exports.Export"].objects.get(pk=export.pk))
    forms = new.get_model("devices.FilledForm").objects
    forms.filter(pk=filled.pk).update(state="disposed", why="", sealed=None, faults=None)
    assert forms.get(pk=filled.pk).sealed is None
