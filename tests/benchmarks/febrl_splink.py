"""FEBRL through Splink: trained on the data alone, and as plain rules.

Belongs here: what Splink is told, and its pairs. Not here: counting (`febrl.py`). Splink sees names and dates as
our own normalising left them, and beside that the date of birth as typed, which its comparison can use.
"""

import duckdb
import pandas as pd

from orchestration.linkage.probabilistic.scoring import quiet_splink
from tests.benchmarks.febrl_data import MORE_FIELDS, DataSet, Pair
from tests.benchmarks.febrl_rules import Configuration
from tests.benchmarks.febrl_sql import Found

SEED = 20230401
MAX_PAIRS = 1e7
THRESHOLDS = (0.5, 0.95)
COLUMNS = {"dob": "date_of_birth"}
SWAPPED = "l.surname = r.first_forename and l.first_forename = r.surname"
PASSES = (("soc_sec_id",), ("date_as_typed",), ("surname", "first_forename"))
# Wide: each pair of fields that leaves few candidates, so that blocking loses as little as it can.
BLOCKS = (
    ("soc_sec_id",),
    ("date_as_typed",),
    ("surname", "first_forename"),
    ("surname", "postcode"),
    ("first_forename", "postcode"),
    ("postcode", "street_number"),
    ("suburb", "street_number"),
    ("postcode", "suburb"),
    ("address_1", "street_number"),
)


def splink_trained(data: DataSet, found: Found) -> tuple[dict[float, frozenset[Pair]], frozenset[Pair]]:
    """The pairs at each of THRESHOLDS of a model trained without the truth, and all it scored; seeded, one thread."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    settings = SettingsCreator(
        link_type=_link_type(data),
        comparisons=[
            cl.ForenameSurnameComparison("first_forename", "surname", forename_surname_concat_col_name="full_name"),
            cl.DamerauLevenshteinAtThresholds("date_as_typed", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.8]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
            cl.DamerauLevenshteinAtThresholds("street_number", [1]),
            cl.ExactMatch("state"),
        ],
        blocking_rules_to_generate_predictions=[*(block_on(*block) for block in BLOCKS), SWAPPED],
        retain_matching_columns=False,
        linker_uid="febrl",
    )
    with duckdb.connect(":memory:", config={"threads": 1}) as con, quiet_splink():
        linker = _linker(con, data, found, settings)
        trusted = [block_on("soc_sec_id"), block_on("surname", "date_as_typed")]
        linker.training.estimate_probability_two_random_records_match(trusted, recall=0.95)
        linker.training.estimate_u_using_random_sampling(max_pairs=MAX_PAIRS, seed=SEED)
        for fields in PASSES:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*fields))
        scored = linker.inference.predict(warning_mode="never").physical_name
        query = f"select unique_id_l, unique_id_r from {scored} where match_probability >= ?"
        linked = {t: _pairs(data, con.execute(query, [t]).fetchall()) for t in THRESHOLDS}
        return linked, _pairs(data, con.execute(query, [0.0]).fetchall())


def splink_rules(data: DataSet, found: Found, configuration: Configuration) -> frozenset[Pair]:
    """The pairs of Splink's deterministic_link on the same rules and the same normalised fields."""
    from splink import SettingsCreator, block_on

    rules = [
        _as_rule(fields) if "swapped_names" in fields else block_on(*_columns(fields)) for fields in configuration.rules
    ]
    settings = SettingsCreator(
        link_type=_link_type(data), blocking_rules_to_generate_predictions=rules, linker_uid="febrl"
    )
    with duckdb.connect(":memory:", config={"threads": 1}) as con, quiet_splink():
        linked = _linker(con, data, found, settings).inference.deterministic_link().physical_name
        return _pairs(data, con.execute(f"select unique_id_l, unique_id_r from {linked}").fetchall())


def _link_type(data: DataSet) -> str:
    return "dedupe_only" if data.is_deduplication else "link_only"


def _columns(fields: tuple[str, ...]) -> list[str]:
    return [COLUMNS.get(field, field) for field in fields]


def _as_rule(fields: tuple[str, ...]) -> str:
    others = [column for column in _columns(fields) if column != "swapped_names"]
    return " and ".join([SWAPPED, *(f"l.{column} = r.{column}" for column in others)])


def _linker(con: duckdb.DuckDBPyConnection, data: DataSet, found: Found, settings):
    from splink import DuckDBAPI, Linker

    database = DuckDBAPI(con)
    sides = {"left_rows": (data.left, found.left, "case_id"), "right_rows": (data.right, found.right, "record_id")}
    tables = []
    for name, (received, cleaned, key) in list(sides.items())[: 1 if data.is_deduplication else 2]:
        rows = _splink_rows(received, cleaned.rename(columns={key: "unique_id"}))
        con.register("rows_given", rows)
        con.execute(f"create table {name} as select * from rows_given order by unique_id")
        tables.append(database.register(name, table_name=name.removesuffix("_rows")))
    return Linker(tables if len(tables) > 1 else tables[0], settings, log_level=None)


def _splink_rows(received: pd.DataFrame, cleaned: pd.DataFrame) -> pd.DataFrame:
    columns = ["unique_id", "surname", "forenames", "first_forename", "date_of_birth", *MORE_FIELDS]
    typed = received[["rec_id", "date_as_typed"]].rename(columns={"rec_id": "unique_id"})
    full_name = cleaned["surname"] + " " + cleaned["first_forename"]
    return cleaned[columns].assign(full_name=full_name).merge(typed, on="unique_id", validate="one_to_one")


def _pairs(data: DataSet, rows: list[Pair]) -> frozenset[Pair]:
    if data.is_deduplication:
        return frozenset((min(pair), max(pair)) for pair in rows)
    return frozenset(rows)
