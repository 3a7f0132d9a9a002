import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assignments', '0003_occasions_of_units'),
        ('reminders', '0003_letter_from_unit_and_withdrawal'),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letters', models.PositiveIntegerField()),
                ('tasks', models.PositiveIntegerField()),
                ('soon', models.PositiveIntegerField()),
                ('later', models.PositiveIntegerField()),
                ('computed_at', models.DateTimeField()),
                ('period', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assignments.period')),
            ],
        ),
    ]
