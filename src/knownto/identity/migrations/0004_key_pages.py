"""Blind keys in pages instead of a row each: a seventh of the size, so that the keys of a region stay in memory."""

import django.contrib.postgres.fields
from django.db import migrations, models

from knownto.identity.blind import BUCKET, FULL, KEY, layout
from knownto.identity.migrations._first_layout import CANDIDATES, REKEY

PAGES = f"""
SELECT set_config('knownto.access', 'system:migration', true);
CREATE TABLE identity_keypage (
  bucket integer NOT NULL, page integer NOT NULL, keys bigint[] NOT NULL, PRIMARY KEY (bucket, page)
);
INSERT INTO identity_keypage
SELECT bucket, page, array_agg(key) FROM (
  SELECT bucket, key, ((row_number() OVER (PARTITION BY bucket) - 1) / {FULL})::int AS page
  FROM (SELECT {BUCKET.format("token")} AS bucket, {KEY} AS key FROM identity_blindkey) AS placed
) AS paged GROUP BY 1, 2 ORDER BY 1, 2;
DROP TABLE identity_blindkey;
ALTER TABLE identity_keypage RENAME TO identity_blindkey;
ALTER INDEX identity_keypage_pkey RENAME TO identity_blindkey_pkey;
"""  # noqa: S608 (constants only)

# A page has lost part of each token: the whole ones are kept beside the cleaned forms, eight bytes each.
_TOKEN = " | ".join(f"(get_byte(held, at + {n})::bigint << {8 * n})" for n in range(8))
ROWS = f"""
SELECT set_config('knownto.access', 'system:migration', true);
DROP TABLE identity_blindkey;
CREATE TABLE identity_blindkey (token bigint NOT NULL, record bigint NOT NULL, PRIMARY KEY (token, record));
INSERT INTO identity_blindkey
SELECT DISTINCT {_TOKEN}, record FROM (SELECT record, tokens || homes AS held FROM identity_cleaned) AS cleaned,
  generate_series(0, octet_length(held) - 8, 8) AS at ORDER BY 1, 2;
DROP FUNCTION identity_candidates(bigint[], bigint[], integer, integer);
"""  # noqa: S608
SHUT = "REVOKE ALL ON FUNCTION identity_candidates(bigint[], bigint[], integer, integer) FROM PUBLIC;"


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_review")]
    operations = [
        migrations.RunSQL(
            PAGES + "".join(layout()),
            ROWS + CANDIDATES + SHUT + REKEY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
            state_operations=[
                migrations.DeleteModel("BlindKey"),
                migrations.CreateModel(
                    name="BlindKey",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "bucket", "page", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("bucket", models.IntegerField()),
                        ("page", models.IntegerField()),
                        ("keys", django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), size=None)),
                    ],
                ),
            ],
        )
    ]
