from typing import Any

from django.db import migrations


def name_rounds(apps: Any, schema_editor: Any) -> None:
    """Money that stands in the name of a round of its project is of that round.

    Of two rounds of one name, it is of the last that was made before the money was recorded.
    """
    entries = apps.get_model("diaspora", "RoundProject").objects.select_related("round")
    rounds: dict[Any, list[Any]] = {}
    for entry in entries.order_by("round__created_at", "round"):
        rounds.setdefault(entry.project_id, []).append(entry.round)
    for fund in apps.get_model("diaspora", "Fund").objects.filter(round__isnull=True, project__in=rounds):
        giver = fund.giver.strip().casefold()
        named = [
            each for each in rounds[fund.project_id] if giver in (each.title_es.casefold(), each.title_en.casefold())
        ]
        before = [each for each in named if each.created_at <= fund.recorded_at]
        if named:
            fund.round = (before or named[:1])[-1]
            fund.save(update_fields=["round"])


class Migration(migrations.Migration):
    dependencies = [("diaspora", "0003_round_of_a_fund")]

    operations = [migrations.RunPython(name_rounds, migrations.RunPython.noop)]
