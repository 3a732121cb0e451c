"""«Something went wrong»: words of whoever it happened to, and who was told. Nobody is named."""

from django.db import models

from porchlight.kit.tables import Creatable, SameNetwork, made_once, own_network
from porchlight.trust.rules.reports import About


def _person(field: str, name: str, on_delete: str = "CASCADE") -> SameNetwork:
    return SameNetwork(field=field, table="people_person", name=name, on_delete=on_delete)


def _report(name: str) -> SameNetwork:
    return SameNetwork(field="report_id", table="trust_report", name=name, on_delete="CASCADE")


class Report(Creatable):
    """What somebody wrote. There is no field for whom it is about, on purpose."""

    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    reporter = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    about = models.CharField(max_length=8)
    thing_id = models.UUIDField(null=True)  # the call for help or the group, where it was one
    state = models.CharField(max_length=8)
    words_guarded = models.BinaryField()
    answer_guarded = models.BinaryField(null=True)
    taken_by = models.ForeignKey(
        "people.Person",
        on_delete=models.SET_NULL,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    taken_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            made_once("report_once"),
            own_network("report_network"),
            models.CheckConstraint(
                condition=models.Q(about__in=[one.value for one in About]), name="report_about"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", taken_by=None, closed_at=None)
                | models.Q(state="taken", taken_by__isnull=False, closed_at=None)
                | models.Q(state="closed", closed_at__isnull=False),
                name="report_state_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("closes_at"))
                & models.Q(closes_at__gt=models.F("created_at")),
                name="report_goes_in_time",
            ),
            _person("reporter_id", "report_reporter"),
            _person("taken_by_id", "report_taken_by", "NO ACTION"),
        ]
        indexes = [models.Index(fields=["reporter", "-created_at"], name="report_of_reporter")]


class ReportReceiver(models.Model):
    """One of the two or three who were told. A trigger refuses the reporter themselves."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, db_constraint=False, related_name="receivers"
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "person"], name="reportreceiver_once"),
            _report("reportreceiver_report"),
            _person("person_id", "reportreceiver_person"),
        ]
        indexes = [models.Index(fields=["person"], name="reportreceiver_of")]


class ReportEvent(models.Model):
    """Append-only: what happened with it, as ids."""

    id = models.BigAutoField(primary_key=True)
    network = models.ForeignKey("people.Network", on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, db_constraint=False, related_name="events"
    )
    at = models.DateTimeField()
    verb = models.CharField(max_length=12)  # sent, taken, given_back, closed, too_old, nobody
    actor_id = models.UUIDField(null=True)

    class Meta:
        constraints = [_report("reportevent_report")]
        indexes = [models.Index(fields=["report", "id"], name="reportevent_line")]
