"""Mark the people of disposals that were done before people bore a mark. Undone by forgetting it."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    people = apps.get_model("people", "Person").objects
    merges = apps.get_model("people", "Merge").objects.filter(merged_at__isnull=False, ended_at__isnull=True)
    into = dict(merges.values_list("merged", "survivor"))
    for disposal in apps.get_model("data_rights", "Disposal").objects.filter(state="done").order_by("ended_at"):
        numbers = set(disposal.items.filter(left_out=False).values_list("person", flat=True))
        while more := {merged for merged, survivor in into.items() if survivor in numbers} - numbers:
            numbers |= more
        marked = {"disposed_at": disposal.ended_at} | ({"shell": True} if "identity" in disposal.classes else {})
        people.filter(pk__in=numbers).update(**marked)


class Migration(migrations.Migration):
    dependencies = [("data_rights", "0003_disposals_and_holds"), ("people", "0010_disposed")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
