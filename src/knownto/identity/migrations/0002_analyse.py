from django.db import migrations

from knownto.identity.blind import analysing


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]
    operations = [analysing()]
