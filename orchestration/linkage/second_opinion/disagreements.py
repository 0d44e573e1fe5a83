"""The cases on which Splink and we disagree, the most surprising first.

Belongs here: the restricted list that clerical review can draw from. Not here: counts (`agreement.py`).
"""

from math import log2

import duckdb
import pandas as pd

from orchestration.linkage.second_opinion.agreement import SPLINK_HAS_LINK
from orchestration.tables.second_opinion import SECOND_OPINION_DISAGREEMENTS

# A model of Splink judges one source; whose rows they are is added where both are stacked.
COLUMNS = [name for name in SECOND_OPINION_DISAGREEMENTS.names if name != "source"]
FIELDS = {
    "pnc": "pnc_id",
    "crn": "crn",
    "dob": "date_of_birth",
    "surname": "surname",
    "first_forename": "first_forename",
}
TEXTS = ("agreeing", "differing")


def disagreements(table: pd.DataFrame, threshold: float, prior: float) -> pd.DataFrame:
    """The cases of `answers` whose records differ, ranked; one row a case.

    side: `only_ours`, `only_splink`, `other_record`. strength, in bits, is how far Splink's own evidence speaks
    against us: its record's match weight above the threshold's (only_splink); how far ours lies below it, an
    unscored record counting as two rows drawn at random with probability `prior` (only_ours); the distance
    between the two records' weights (other_record). review_rank 1 is the strongest; ties by case_id.
    """
    is_ours, is_splink = table["our_record_id"].notna(), table["splink"].isin(SPLINK_HAS_LINK)
    differing = table[(is_ours | is_splink) & (table["splink"] != "same_record")]
    only_ours, only_splink = differing["splink_record_id"].isna(), differing["our_record_id"].isna()
    limit = log2(threshold / (1 - threshold))
    own = differing["our_match_weight"].fillna(log2(prior / (1 - prior)))
    strength = (differing["match_weight"] - own).abs()
    strength = strength.mask(only_ours, limit - own).mask(only_splink, differing["match_weight"] - limit)
    side = pd.Series("other_record", index=differing.index).mask(only_ours, "only_ours")
    ranked = differing.assign(side=side.mask(only_splink, "only_splink"), strength=strength)
    ranked = ranked.sort_values(["strength", "case_id"], ascending=[False, True], kind="stable")
    return ranked.assign(review_rank=range(1, len(ranked) + 1)).reset_index(drop=True)


def with_fields(connection: duckdb.DuckDBPyConnection, ranked: pd.DataFrame) -> pd.DataFrame:
    """Add which fields agree and differ between the case and our record, and the case and Splink's.

    Names of fields only, separated by blanks: a field missing on either side is in neither text; swapped names
    are `swapped_names` among the agreeing.
    """
    compared = ranked
    for side in ("our", "splink"):
        record = f"{side}_record_id"
        pairs = ranked.loc[ranked[record].notna(), ["case_id", record]]
        texts = _compared(connection, pairs, record).rename(columns={t: f"{side}_fields_{t}" for t in TEXTS})
        compared = compared.merge(texts, on=["case_id", record], how="left")
    return compared[COLUMNS]


def _compared(connection: duckdb.DuckDBPyConnection, pairs: pd.DataFrame, record: str) -> pd.DataFrame:
    equal = {field: f"cases.{column} = records.{column}" for field, column in FIELDS.items()}
    swapped = "cases.surname = records.first_forename and cases.first_forename = records.surname"
    agreeing = _names({**equal, "swapped_names": swapped})
    differing = _names({field: condition.replace(" = ", " <> ") for field, condition in equal.items()})
    connection.register("pairs_to_compare", pairs.astype("object"))
    try:
        return connection.execute(
            f"select pairs.case_id, pairs.{record}, {agreeing} as agreeing, {differing} as differing "
            "from (select try_cast(case_id as varchar) as case_id, "
            f"try_cast({record} as varchar) as {record} from pairs_to_compare) as pairs "
            "inner join splink_cases as cases on pairs.case_id = cases.unique_id "
            f"inner join splink_records as records on pairs.{record} = records.unique_id"
        ).df()
    finally:
        connection.unregister("pairs_to_compare")


def _names(conditions: dict[str, str]) -> str:
    cases = ", ".join(f"case when {condition} then '{field}' end" for field, condition in conditions.items())
    return f"array_to_string(list_filter([{cases}], lambda name: name is not null), ' ')"
