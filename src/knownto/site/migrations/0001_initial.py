from django.db import migrations, models

# What counts attempts at signing in is shared by every web process, so it is kept in the database. Keys are
# keyed hashes (knownto.site.limits.blind), values are times.
CACHE = """
CREATE TABLE site_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX site_cache_expires ON site_cache (expires);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE site_cache"),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("worker", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.UUIDField()),
            ],
        ),
    ]
