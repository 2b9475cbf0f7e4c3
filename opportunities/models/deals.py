"""Opportunities, who takes part in them, and what became of them day by day."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Company, Contact
from contacts.models.people import initials
from crm.access.models import Team
from crm.history import track
from crm.records.models import Record, Tag
from crm.records.search import Norm, SearchEntry
from opportunities.models.pipelines import LostReason, Pipeline, Stage
from opportunities.querysets import OpportunityQuerySet

# What a deal without an expected close date is sorted by: after all others.
NEVER = dt.date(9999, 12, 31)


class Category(models.TextChoices):
    """How sure the rep is of a deal, for the forecast by category."""

    COMMIT = "commit", pgettext_lazy("forecast", "Commit")
    BEST_CASE = "best", pgettext_lazy("forecast", "Best case")
    PIPELINE = "pipeline", pgettext_lazy("forecast", "Pipeline")
    OMITTED = "omitted", pgettext_lazy("forecast", "Omitted")


@track(
    exclude=("base_amount", "position"),
    untold=("pipeline", "status", "stage_since", "amount_source"),
)
class Opportunity(Record):
    """A deal, from the first lead to the signature.

    `amount` is what is expected (typed, or the sum of its lines), `won_amount` what was signed. `status` and `pipeline`
    follow the stage and `base_amount`, the value in the company's currency, follows the amounts and the rates: the
    database sees to both (opportunities/sql/deals.sql). `stage_since` is when it entered the stage, in business time.
    """

    class AmountSource(models.TextChoices):
        TYPED = "typed", pgettext_lazy("amount", "Typed")
        LINES = "lines", pgettext_lazy("amount", "Sum of the lines")

    class ProbabilitySource(models.TextChoices):
        STAGE = "stage", pgettext_lazy("probability", "Of the stage")
        LEARNED = "learned", pgettext_lazy("probability", "Learned")
        TYPED = "typed", pgettext_lazy("probability", "Typed")

    name = models.CharField(_("name"), max_length=200)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    company = models.ForeignKey(
        Company,
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="opportunities",
    )
    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    stage = models.ForeignKey(
        Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="opportunities", db_index=False
    )
    status = models.CharField(
        _("status"), max_length=4, choices=Stage.Status.choices, default=Stage.Status.OPEN, editable=False
    )
    stage_since = models.DateTimeField(_("in this stage since"), default=timezone.now, editable=False)
    position = models.FloatField(default=0, db_default=0, editable=False)
    amount = models.DecimalField(
        _("amount"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    amount_source = models.CharField(
        _("source of the amount"),
        max_length=5,
        choices=AmountSource.choices,
        default=AmountSource.TYPED,
        db_default=AmountSource.TYPED,
    )
    won_amount = models.DecimalField(
        _("amount signed"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3)
    base_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, editable=False)
    probability = models.PositiveSmallIntegerField(
        _("probability"), null=True, blank=True, validators=[MaxValueValidator(100)], help_text=_("In per cent.")
    )
    probability_source = models.CharField(
        _("source of the probability"),
        max_length=7,
        choices=ProbabilitySource.choices,
        default=ProbabilitySource.STAGE,
        db_default=ProbabilitySource.STAGE,
    )
    category = models.CharField(
        _("forecast category"),
        max_length=8,
        choices=Category.choices,
        default=Category.PIPELINE,
        db_default=Category.PIPELINE,
    )
    opened_on = models.DateField(_("opened"), null=True, blank=True)
    expected_on = models.DateField(_("expected close"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    lost_reason = models.ForeignKey(
        LostReason,
        verbose_name=_("reason of the loss"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    lost_text = models.CharField(_("about the loss"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)
    campaign = models.CharField(_("campaign"), max_length=80, blank=True)
    competitors = models.CharField(_("competitors"), max_length=200, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=20000, blank=True)
    contacts = models.ManyToManyField(Contact, through="DealContact", related_name="opportunities")
    tags = models.ManyToManyField(Tag, verbose_name=_("categories"), through="OpportunityTag", related_name="+")
    touched_at = models.DateTimeField(_("last activity"), db_default=Now(), editable=False)
    sort_name = models.GeneratedField(
        expression=Norm(F("name")), output_field=models.CharField(max_length=400, db_collation="C"), db_persist=True
    )
    sort_amount = models.GeneratedField(
        expression=Coalesce(F("base_amount"), Value(0, models.DecimalField(max_digits=18, decimal_places=2))),
        output_field=models.DecimalField(max_digits=18, decimal_places=2),
        db_persist=True,
    )
    sort_expected = models.GeneratedField(
        expression=Coalesce(F("closed_on"), F("expected_on"), Value(NEVER, models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )

    objects: ClassVar[Any] = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = [
            *(
                models.Index(fields=[*whose, column, "id"], name=f"deal_by{owned}_{order}")
                for column, order in (
                    ("sort_name", "name"),
                    ("sort_amount", "amount"),
                    ("sort_expected", "close"),
                    ("touched_at", "touch"),
                )
                for whose, owned in (([], ""), (["owner"], "_owner"), (["team"], "_team"))
            ),
            # The board: the first cards of a column, and the totals of all of them.
            models.Index(fields=["stage", "position", "id"], name="deal_in_stage"),
            models.Index(fields=["owner", "stage", "position", "id"], name="deal_in_stage_of_owner"),
            models.Index(fields=["team", "stage", "position", "id"], name="deal_in_stage_of_team"),
            models.Index(fields=["reference"], name="deal_by_reference", condition=~Q(reference="")),
            models.Index(fields=["trashed_at"], name="deal_in_trash", condition=Q(trashed_at__isnull=False)),
            models.Index(fields=["merged_into"], name="deal_merged", condition=Q(merged_into__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="deal_amount_positive"),
            models.CheckConstraint(
                condition=Q(won_amount__isnull=True) | Q(won_amount__gte=0), name="deal_won_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__lte=100), name="deal_probability_is_per_cent"
            ),
            models.CheckConstraint(
                condition=~Q(probability_source="typed") | Q(probability__isnull=False),
                name="deal_probability_is_typed",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="deal_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_on__isnull=True) | (~Q(status="open") & Q(closed_on__isnull=False)),
                name="deal_closed_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def is_open(self) -> bool:
        return self.status == Stage.Status.OPEN

    def get_absolute_url(self) -> str:
        return reverse("opportunities:opportunity_detail", args=[self.pk])


@track(parents=("opportunity",))
class OpportunityTag(models.Model):
    """A tag on an opportunity."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="tag_links", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [models.UniqueConstraint(fields=["opportunity", "tag"], name="tag_once_a_deal")]

    def __str__(self) -> str:
        return str(self.tag)


@track(parents=("opportunity",))
class DealContact(models.Model):
    """A person's part in the decision."""

    class Part(models.TextChoices):
        DECIDER = "decider", pgettext_lazy("part in a decision", "Decider")
        BUYER = "buyer", pgettext_lazy("part in a decision", "Buyer")
        USER = "user", pgettext_lazy("part in a decision", "User")
        SPONSOR = "sponsor", pgettext_lazy("part in a decision", "Sponsor")
        BLOCKER = "blocker", pgettext_lazy("part in a decision", "Blocker")

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="parts", db_index=False)
    contact = models.ForeignKey(Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="deal_parts")
    part = models.CharField(_("part in the decision"), max_length=8, choices=Part.choices, blank=True)

    class Meta:
        verbose_name = _("contact of an opportunity")
        verbose_name_plural = _("contacts of opportunities")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["opportunity", "contact"], name="contact_once_a_deal")]

    def __str__(self) -> str:
        return f"{self.contact} – {self.opportunity}"


class DatedChange(models.Model):
    """What a deal had become at a moment of business time (`effective_at`), which may lie long before it was written.

    The last row up to a day, of both kinds, is the deal as of that day.
    """

    effective_at = models.DateTimeField(_("on"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    expected_on = models.DateField(null=True)
    category = models.CharField(max_length=8, choices=Category.choices)
    probability = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True
        ordering = ["effective_at", "id"]


@track(parents=("opportunity",), told=False)
class StageChange(DatedChange):
    """A deal's entry into a stage; without `from_stage`, its beginning. The truth of funnel and forecast."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="stage_changes", db_index=False)
    from_stage = models.ForeignKey(Stage, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta(DatedChange.Meta):
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        indexes = [
            models.Index(fields=["opportunity", "effective_at", "id"], name="stage_change_of_deal"),
            models.Index(fields=["effective_at", "id"], name="stage_change_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} → {self.stage}"


@track(parents=("opportunity",), told=False)
class DealChange(DatedChange):
    """A change of amount, expected close, owner, category or probability; `fields` names which."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="deal_changes", db_index=False)
    fields = models.JSONField(default=list)

    class Meta(DatedChange.Meta):
        verbose_name = _("change of a deal")
        verbose_name_plural = _("changes of deals")
        indexes = [
            models.Index(fields=["opportunity", "effective_at", "id"], name="deal_change_of_deal"),
            models.Index(fields=["effective_at", "id"], name="deal_change_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {', '.join(self.fields)}"


class OpportunityEntry(SearchEntry):
    """Words an opportunity is found by; kept in step by the database (opportunities/sql/search.sql)."""

    searched = frozenset({"reference"})

    record = models.ForeignKey(Opportunity, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")

    class Meta:
        indexes = SearchEntry.indexes("deal")
