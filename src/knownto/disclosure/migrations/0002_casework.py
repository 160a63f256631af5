from django.db import migrations, models

# What the product itself shared has no worker, and what is of a piece of work no person: nothing before has room for it.
NO_WAY_BACK = """
SELECT set_config('knownto.access', 'system:migration', true);
DO $$ BEGIN
  IF EXISTS (SELECT FROM disclosure_disclosure WHERE person IS NULL OR worker IS NULL) THEN
    RAISE EXCEPTION 'There is no way back over disclosure.0002_casework: what was shared since has no place in the table '
      'before it, and would be lost. Nothing was changed. Go back to a copy instead: docs/production.md, Upgrades.';
  END IF;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0001_initial'),
    ]

    operations = [
        migrations.AddField('disclosure', 'work', models.UUIDField(db_index=True, null=True)),
        migrations.AddField('disclosure', 'from_agency', models.CharField(blank=True, default='', max_length=40), preserve_default=False),
        migrations.AlterField('disclosure', 'how', models.CharField(choices=[('view', 'shown on a screen'), ('print', 'made for print'), ('household', 'shown as one of a household'), ('referral', 'sent as a referral'), ('answer', 'given as an answer to what was asked'), ('meeting', 'said or sent to a discussion'), ('copy', "copied to an agency's own system"), ('outcome', 'told as an outcome'), ('export', 'exported'), ('not-shared', 'considered, and not shared')], max_length=10)),
        migrations.AlterField('disclosure', 'person', models.UUIDField(null=True)),
        migrations.AlterField('disclosure', 'worker', models.UUIDField(null=True)),
        migrations.AddConstraint('disclosure', models.CheckConstraint(condition=models.Q(('person__isnull', False), ('worker__isnull', False)) | models.Q(('work__isnull', False)), name='a_disclosure_is_of_a_person_or_a_piece_of_work')),
        migrations.RunSQL('', NO_WAY_BACK),
    ]
