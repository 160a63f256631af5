"""Which index key each set of blind keys is made with: beside the blind keys, and not in the keys database."""

from django.db import migrations, models

from knownto.keyring.generations import FORGET, HOLD


class Migration(migrations.Migration):
    dependencies = [("keyring", "0003_destroyed")]

    operations = [
        migrations.CreateModel(
            name="Generation",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("current", models.SmallIntegerField(default=1)),
                ("coming", models.SmallIntegerField(default=0)),
                ("leaving", models.SmallIntegerField(default=0)),
                ("after", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(HOLD, FORGET, hints={"beside_the_data": True}),
    ]
