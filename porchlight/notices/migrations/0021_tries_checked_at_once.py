from django.db import migrations

# Whether a try has its delivery, and an outcome its try, is looked at by the end of the statement
# that writes it: the same promise, without asking for it in each turn of a worker.
AT_ONCE, LATE = "INITIALLY IMMEDIATE", "INITIALLY DEFERRED"


def alter(how: str) -> str:
    return (
        f"ALTER TABLE notices_attempt ALTER CONSTRAINT attempt_delivery DEFERRABLE {how};"
        f"ALTER TABLE notices_outcome ALTER CONSTRAINT outcome_attempt DEFERRABLE {how};"
    )


class Migration(migrations.Migration):

    dependencies = [("notices", "0020_money_for_texts")]

    operations = [migrations.RunSQL(alter(AT_ONCE), alter(LATE))]
