from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from khung.orgs.models import person_sort_key
from khung.rules.text import fold


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for person in apps.get_model("orgs", "Person").objects.all():
        person.folded_name = fold(f"{person.full_name} {person.username}")
        person.sort_key = person_sort_key(person.full_name)
        person.save(update_fields=["folded_name", "sort_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0002_unit_name_folded'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='folded_name',
            field=models.CharField(default='', editable=False, max_length=255),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='person',
            name='sort_key',
            field=models.CharField(default='', editable=False, max_length=600),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='person',
            name='sort_key',
            field=models.CharField(db_index=True, editable=False, max_length=600),
        ),
    ]
