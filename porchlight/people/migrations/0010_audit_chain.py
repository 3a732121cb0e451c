"""The audit's chain. Triggers hold that a link is never changed, and goes with its network only."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
ALTER TABLE people_auditlink ADD CONSTRAINT auditlink_whole CHECK (
  octet_length(actor_tag) = 32 AND octet_length(thing_tag) = 32 AND octet_length(commitment) = 32
  AND octet_length(previous) = 32 AND octet_length(own) = 32);

CREATE FUNCTION people_hold_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     AND current_setting('porchlight.wipe_network', true) = OLD.network_id::text THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the chain of what was done is append-only' USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION people_hold_whole_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('porchlight.wipe_network', true) = 'everything' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the chain of what was done is append-only' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER people_auditlink_holds BEFORE UPDATE OR DELETE ON people_auditlink
  FOR EACH ROW EXECUTE FUNCTION people_hold_chain();
CREATE TRIGGER people_auditlink_holds_whole BEFORE TRUNCATE ON people_auditlink
  FOR EACH STATEMENT EXECUTE FUNCTION people_hold_whole_chain();
"""
BACKWARD = """
DROP TRIGGER people_auditlink_holds_whole ON people_auditlink;
DROP TRIGGER people_auditlink_holds ON people_auditlink;
DROP FUNCTION people_hold_whole_chain();
DROP FUNCTION people_hold_chain();
ALTER TABLE people_auditlink DROP CONSTRAINT auditlink_whole;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_phones'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditLink',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('hour', models.DateTimeField()),
                ('actor_tag', models.BinaryField()),
                ('verb', models.CharField(max_length=60)),
                ('thing_tag', models.BinaryField()),
                ('commitment', models.BinaryField()),
                ('previous', models.BinaryField()),
                ('own', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditSalt',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('salt', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='auditrow',
            name='salt',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='auditrow',
            name='seq',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='auditrow',
            index=models.Index(condition=models.Q(('seq', None)), fields=['network', 'id'], name='audit_unsealed'),
        ),
        migrations.AddConstraint(
            model_name='auditrow',
            constraint=models.UniqueConstraint(fields=('network', 'seq'), name='auditrow_sealed_once'),
        ),
        migrations.AddField(
            model_name='auditlink',
            name='network',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.network'),
        ),
        migrations.AddField(
            model_name='auditsalt',
            name='network',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.network'),
        ),
        migrations.AddConstraint(
            model_name='auditlink',
            constraint=models.UniqueConstraint(fields=('network', 'seq'), name='auditlink_place'),
        ),
        migrations.AddConstraint(
            model_name='auditlink',
            constraint=models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='auditlink_from_one'),
        ),
        migrations.AddConstraint(
            model_name='auditsalt',
            constraint=models.UniqueConstraint(fields=('network', 'person_id'), name='auditsalt_one_each'),
        ),
            migrations.RunSQL(FORWARD, BACKWARD),
    ]
