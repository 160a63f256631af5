"""What was destroyed is remembered, so that a backup that is put back destroys it again.

By a trigger and not by the code that destroys: whoever deletes a key in whatever way, it is written down with it.
"""

from django.db import migrations, models

REMEMBER = """
CREATE FUNCTION keyring_remember() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  INSERT INTO keyring_destroyed (id, at) VALUES (OLD.id, clock_timestamp()) ON CONFLICT DO NOTHING;
  RETURN OLD;
END $$;
CREATE TRIGGER remembered AFTER DELETE ON keyring_wrappedkey FOR EACH ROW EXECUTE FUNCTION keyring_remember();
CREATE TRIGGER remembered AFTER DELETE ON keyring_guardedkey FOR EACH ROW EXECUTE FUNCTION keyring_remember();
"""
FORGET = "DROP TRIGGER remembered ON keyring_wrappedkey; DROP TRIGGER remembered ON keyring_guardedkey; DROP FUNCTION keyring_remember();"


class Migration(migrations.Migration):
    dependencies = [("keyring", "0002_guarded")]

    operations = [
        migrations.CreateModel(
            name="Destroyed",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL(REMEMBER, FORGET),
    ]
