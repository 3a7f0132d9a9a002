"""The file belongs to the framework alone.

Apart from the copy before it, since PostgreSQL does not alter a table with changes under way.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("frameworks", "0003_framework_file"),
    ]

    operations = [
        migrations.AlterField(
            model_name="framework",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="frameworks",
                to="base.storedfile",
            ),
        ),
        migrations.RemoveField(model_name="decision", name="file"),
    ]
