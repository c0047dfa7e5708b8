"""Where things come from, and what came, as it came; when it was asked, and how it went."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from newsletter.collect.health import Outcome
from newsletter.collect.licences import Writer
from newsletter.collect.schedule import Interval
from newsletter.common import clock
from newsletter.common.findings import Severity


class Source(models.Model):
    """Somebody whose digests or feeds we read, on what terms, when, and how well it goes."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=32, default="files")
    address = models.CharField(max_length=500, blank=True)
    credit = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    # A licence may allow reading and linking but not mailing the text (CC BY-NC); nobody's is guessed.
    may_be_mailed = models.BooleanField(default=False)
    # When somebody said on what terms its texts may be used, and who; until then they are linked.
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=150, blank=True)
    # Whose list it tells again; that one is credited too, and both are one voice.
    derived_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    # By what the files of an unknown maker are known again: no machine's path, and no name.
    origin_key = models.CharField(max_length=64, blank=True)
    # A person, a machine, or both; empty where nobody told.
    written_by = models.CharField(
        max_length=7, blank=True, default="", choices=[(one, one) for one in Writer if one]
    )
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    # A source without an interval is fed by hand, with files.
    interval = models.CharField(max_length=8, blank=True, choices=[(one, one) for one in Interval])
    next_check_at = models.DateTimeField(null=True, db_index=True)
    last_success_at = models.DateTimeField(null=True)
    last_new_at = models.DateTimeField(null=True)
    failures_in_a_row = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    moved_to = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin_key"],
                condition=~Q(origin_key=""),
                name="one_source_per_origin_of_files",
            ),
            # Whoever shows a text asks one column; this keeps it honest.
            models.CheckConstraint(
                condition=Q(may_be_mailed=False) | Q(confirmed_at__isnull=False),
                name="only_confirmed_sources_are_mailed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody said on what terms its texts may be used."""
        return self.confirmed_at is not None

    @property
    def known_as(self) -> str:
        """The name under which its texts are credited."""
        return self.credit or self.name

    @property
    def page(self) -> str:
        """Its page for people. What is asked by machine is rarely one, so only that of files is."""
        return "" if self.interval else self.address


class StoredDigest(models.Model):
    """A digest that was read: its bytes as they came, beside what was made of them."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=32)
    name = models.CharField(max_length=300)
    content_hash = models.CharField(max_length=64)
    part = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=500, blank=True)
    # Where a person reads it on the web.
    page = models.CharField(max_length=1000, blank=True)
    # Whose list it tells again, by its own words, and where that stands.
    origin_name = models.CharField(max_length=200, blank=True)
    origin_page = models.CharField(max_length=1000, blank=True)
    listed_on = models.DateField(null=True, db_index=True)
    period_start = models.DateField(null=True)
    observed_at = models.DateTimeField(null=True)
    intro = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    raw = models.BinaryField()
    text = models.TextField()
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "content_hash", "part"], name="one_row_per_digest"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counted_at(self) -> datetime:
        """When its votes were counted; one that tells only a day is taken to have counted at its end."""
        day = self.listed_on or clock.today()
        return self.observed_at or clock.midnight(day) + timedelta(days=1, seconds=-1)


class KnownAnswer(models.Model):
    """What a server gave us to ask whether an address has changed (RFC 9110, section 13.1)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    # Addresses may be longer than some databases can index.
    url_hash = models.CharField(max_length=64)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    fetched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "url_hash"], name="one_known_answer_per_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.fetched_at:%Y-%m-%d %H:%M}"


class Check(models.Model):
    """One time that a source was asked, and what came of it."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=[(one, one) for one in Outcome])
    error = models.CharField(max_length=100, blank=True)
    # The papers of every list that was read, and of the newest among them.
    papers = models.JSONField(default=list)
    newest = models.JSONField(default=list)
    papers_new = models.PositiveIntegerField(default=0)
    failed_texts = models.PositiveIntegerField(default=0)
    listed_on = models.DateField(null=True)
    formats = models.JSONField(default=list)
    findings = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["source", "checked_at"], name="checks_of_a_source")]

    def __str__(self) -> str:
        return f"{self.source}: {self.outcome}"


class SourceFinding(models.Model):
    """Something about a source that an editor should know, until it has passed."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=50)
    severity = models.CharField(max_length=10, choices=[(one, one) for one in Severity])
    ko = models.CharField(max_length=500)
    en = models.CharField(max_length=500)
    remedy_ko = models.CharField(max_length=500, blank=True)
    remedy_en = models.CharField(max_length=500, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    passed_at = models.DateTimeField(null=True)
    # When the editors were written to about it.
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code"],
                condition=Q(passed_at__isnull=True),
                name="one_open_finding_per_source_and_code",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.code}"


class AddressCheck(models.Model):
    """Whether an address that an issue would show was alive when it was last asked."""

    # Addresses may be longer than some databases can index.
    url_hash = models.CharField(max_length=64, unique=True)
    url = models.TextField()
    alive = models.BooleanField()
    why = models.CharField(max_length=100, blank=True)
    # How many times in a row it did not answer as it should.
    failures = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.url}: {self.why or 'alive'}"


class Turn(models.Model):
    """Whose turn it is to ask a server that wants one request at a time."""

    lane = models.CharField(max_length=32, unique=True)
    holder = models.CharField(max_length=64, blank=True)
    # Free from this moment on; while somebody asks, the end of their lease.
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.lane
