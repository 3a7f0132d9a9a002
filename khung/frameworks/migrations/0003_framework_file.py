"""Each framework keeps the file it was read from: first the column, and what the Decision had."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_from_decision(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    framework = apps.get_model("frameworks", "Framework")
    decision = apps.get_model("frameworks", "Decision").objects.filter(
        pk=models.OuterRef("decision")
    )
    framework.objects.update(file=models.Subquery(decision.values("file")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0001_initial"),
        ("frameworks", "0002_phrase_of_any_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="framework",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="frameworks",
                to="base.storedfile",
            ),
        ),
        migrations.RunPython(take_from_decision, migrations.RunPython.noop),
    ]
