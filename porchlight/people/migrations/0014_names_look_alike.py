"""Names of people who were here before, by how names look today: Arabic letters of all keyboards.

Where somebody else of the network has that skeleton already, theirs ends in a space and a number,
which the skeleton of no typed name does: `queries.names.named` finds both.
"""

from django.db import IntegrityError, migrations, transaction

from porchlight.kit.words import skeleton  # today's, also in a later release: so it is looked up

MOST_TWINS = 9


def mend(apps, schema_editor):
    Person = apps.get_model("people", "Person")
    rows = Person.objects.exclude(name="").order_by("joined_at", "id")
    for person in rows.iterator():
        looks = skeleton(person.name)
        if person.skeleton != looks:
            give_one_of(apps, person, [looks, *(f"{looks} {n}" for n in range(2, MOST_TWINS + 1))])


def give_one_of(apps, person, keys):
    """The first that is free; the database says which. With none the person stays as they are."""
    before = f"{person.network_id}:{person.skeleton}"
    login = apps.get_model("people", "Login").objects.filter(person_id=person.id, handle=before)
    for key in keys:
        person.skeleton = key
        try:
            with transaction.atomic():
                person.save(update_fields=["skeleton"])
                login.update(handle=f"{person.network_id}:{key}")
            return
        except IntegrityError:
            continue


class Migration(migrations.Migration):
    atomic = False  # each person is a transaction: nobody waits for all of them

    dependencies = [("people", "0013_lockdown")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
