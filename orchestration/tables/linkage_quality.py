"""The links judged against truth, and the restricted lists behind the counts.

Belongs here: what a truth file allows to say. Not here: clerical review (`linkage_review.py`).
"""

from orchestration.tables.table import Column, Table, by_name

LINKAGE_QUALITY = Table(
    "results",
    "linkage_quality",
    "One row a source, measure, item and category: how good the links are against truth; empty without a truth file.",
    key=("source", "measure", "item", "category"),
    disclosure="aggregate",
    columns=(
        Column("source", "varchar", "`terminations` or `reoffending`: the extract searched."),
        Column("basis", "varchar", "`truth`: measured on cases whose true records are known."),
        Column(
            "measure",
            "varchar",
            "`precision`, `recall`, `f1`, `specificity`, `matched`, `linkable`, `lost_before_linkage`, "
            "`share_of_true_links`, `pairs_kept_by_blocks`, `cases_kept_by_blocks`, `linked_although_pair_lost`, "
            "`closest_true_record`, `precision_of_records`, `recall_of_records`, or `<outcome>_differs`.",
        ),
        Column("item", "varchar", "`all_cases`, `rule`, `tier`, `link`, or a characteristic of marts.cases."),
        Column(
            "category",
            "varchar",
            "Category of the item, stored code; `missing` where the case lacks the characteristic.",
        ),
        Column(
            "category_order", "bigint", "Place of the category within its item, from 1; rules and tiers in rank order."
        ),
        Column(
            "numerator",
            "bigint",
            "Cases (or pairs, or records) for which the measure holds; for f1 twice the true links.",
        ),
        Column(
            "n",
            "bigint",
            "Of how many; for f1 twice the true links, the false links and the missed links together.",
        ),
        Column("value", "double", "Percent, unrounded; null where n is nought."),
        Column("ci_low", "double", "Lower end of the 95% interval (Wilson), percent."),
        Column("ci_high", "double", "Upper end of the 95% interval (Wilson), percent."),
    ),
    stays="its shares, of as many links as match rates tell, give back the number of single false and missed ones",
)

LINKAGE_LOSSES = Table(
    "results",
    "linkage_losses",
    "One row a source, kind and reason: how many links are false or missed, and why; empty without a truth file.",
    key=("source", "kind", "reason"),
    disclosure="aggregate",
    columns=(
        Column("source", "varchar", "`terminations` or `reoffending`: the extract searched."),
        Column(
            "kind",
            "varchar",
            "`false_link`, `missed_link`, or `lost_before_linkage` (the only true record was rejected before linkage).",
        ),
        Column("reason", "varchar", "The one main reason, in the stated order of reasons."),
        Column("n", "bigint", "Links of this kind and reason; nought where there are none."),
        Column("share", "double", "Percent of the links of this kind; null where there are none."),
    ),
    stays="counts single false and missed links by what was wrong with their records",
)

LINKAGE_LOSS_FIELDS = Table(
    "results",
    "linkage_loss_fields",
    "One row a source, kind, reason, field and state: what was seen in the pairs behind false and missed links.",
    key=("source", "kind", "reason", "field", "state"),
    disclosure="aggregate",
    columns=(
        Column("source", "varchar", "`terminations` or `reoffending`: the extract searched."),
        Column("kind", "varchar", "`false_link` (case and record chosen) or `missed_link` (case and true record)."),
        Column("reason", "varchar", "The main reason of the loss."),
        Column("field", "varchar", "Field compared (reference.match_fields)."),
        Column(
            "state",
            "varchar",
            "`agrees`, `disagrees`, `missing` (on either side) or `invalid` (received on either side, and unusable).",
        ),
        Column("n", "bigint", "Pairs in which the field was in this state."),
    ),
    stays="counts single false and missed links by the identifiers that differed",
)

_OF_A_PAIR = (
    Column("source", "varchar", "`terminations` or `reoffending`: the extract searched."),
    Column("case_id", "varchar", "The inspectorate's id of the assessment."),
    Column(
        "record_id",
        "varchar",
        "The record chosen (false_links), or the true record that came furthest (missed_links); null where it "
        "was rejected before linkage.",
    ),
    Column(
        "status",
        "varchar",
        "What became of the case: `matched`, `ambiguous`, `no_record_in_window` or `no_person`.",
    ),
    Column("rule", "varchar", "The rule that decided, or that reached two people; null where none did."),
    Column("fields_agreeing", "varchar", "Fields of case and record that agree, separated by blanks."),
    Column("fields_disagreeing", "varchar", "Fields present on both sides that differ."),
    Column("fields_missing", "varchar", "Fields that one side never had."),
    Column(
        "fields_invalid",
        "varchar",
        "Fields that one side had, and that cleaning set aside (a placeholder, a wrong check letter).",
    ),
    Column("reason", "varchar", "The one main reason (docs/linkage-quality.md)."),
    Column("date_difference_days", "bigint", "Days from the start date of the case to the date of the record."),
)

FALSE_LINKS = Table(
    "linkage",
    "false_links",
    "One row a false link: a matched case whose chosen record is not of its person. Restricted; empty without a "
    "truth file.",
    key=("source", "case_id"),
    disclosure="restricted",
    columns=_OF_A_PAIR,
)

MISSED_LINKS = Table(
    "linkage",
    "missed_links",
    "One row a missed link: a linkable case without its true record, and cases whose only true record was rejected "
    "before linkage. Restricted; empty without a truth file.",
    key=("source", "case_id"),
    disclosure="restricted",
    columns=_OF_A_PAIR,
)
LINKAGE_QUALITY_TABLES = by_name(LINKAGE_QUALITY, LINKAGE_LOSSES, LINKAGE_LOSS_FIELDS)
