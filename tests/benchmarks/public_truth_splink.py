"""Public data through Splink: trained on the data alone, and as plain rules.

Belongs here: what Splink is told, and its pairs. Not here: counting (`public_truth.py`). Splink sees names and dates as
our own normalising left them, and beside that the date of birth as typed, which its comparison can use.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from orchestration.linkage.probabilistic.scoring import quiet_splink
from tests.benchmarks.public_truth_data import DataSet, Pair
from tests.benchmarks.public_truth_rules import Configuration
from tests.benchmarks.public_truth_sql import Found

SEED = 20230401
MAX_PAIRS = 1e7
THRESHOLDS = (0.5, 0.95)
COLUMNS = {"dob": "date_of_birth"}
SWAPPED = "l.surname = r.first_forename and l.first_forename = r.surname"
NAMES = ("surname", "first_forename")


@dataclass(frozen=True)
class Model:
    """What Splink compares beside the names, where it looks for pairs, and how it is trained.

    `typed`: fields with degrees of one and two typing faults; `written`: of similar spelling; `exact`: agree or not.
    Both names are compared as one field, unless they stand among the written.
    `trusted`: rules that find nearly all true pairs, as Splink asks to be told; `passes` of expectation maximisation.
    Blocks are wide: each pair of fields that leaves few candidates, so that blocking loses as little as it can.
    """

    typed: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]
    passes: tuple[tuple[str, ...], ...]
    trusted: tuple[tuple[str, ...], ...]
    written: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Those that are no names."""
        return tuple(field for field in (*self.typed, *self.written, *self.exact) if field not in NAMES)


FEBRL = Model(
    typed=("date_as_typed", "number", "postcode", "street_number"),
    written=("suburb", "address_1"),
    exact=("state",),
    passes=(("number",), ("date_as_typed",), NAMES),
    trusted=(("number",), ("surname", "date_as_typed")),
    blocks=(
        ("number",),
        ("date_as_typed",),
        NAMES,
        ("surname", "postcode"),
        ("first_forename", "postcode"),
        ("postcode", "street_number"),
        ("suburb", "street_number"),
        ("postcode", "suburb"),
        ("address_1", "street_number"),
    ),
)
# Names one by one: of pairs that agree on both of them, or on the day, all too many err in what is left to train.
NAMES_AND_BIRTHDAY = Model(
    typed=("date_as_typed",),
    written=NAMES,
    passes=(("surname",), ("first_forename",), ("date_as_typed",)),
    trusted=(("surname", "date_as_typed"), ("first_forename", "date_as_typed")),
    blocks=(("date_as_typed",), NAMES, ("surname", "year"), ("first_forename", "year")),
)
MODELS = {
    "rldata10000": NAMES_AND_BIRTHDAY,
    "census_ssa": Model(**{**vars(NAMES_AND_BIRTHDAY), "exact": ("initial",)}),
    "w2_ssa": Model(
        typed=("number",),
        exact=("initial",),
        passes=(("number",), NAMES),
        trusted=(("number",),),
        blocks=(("number",), NAMES),
    ),
}


def splink_trained(data: DataSet, found: Found) -> tuple[dict[float, frozenset[Pair]], frozenset[Pair]]:
    """The pairs at each of THRESHOLDS of a model trained without the truth, and all it scored; seeded, one thread."""
    from splink import SettingsCreator, block_on

    model = MODELS.get(data.name, FEBRL)
    settings = SettingsCreator(
        link_type=_link_type(data),
        comparisons=_comparisons(model),
        blocking_rules_to_generate_predictions=[*(block_on(*block) for block in model.blocks), SWAPPED],
        retain_matching_columns=False,
        linker_uid="public_truth",
    )
    with duckdb.connect(":memory:", config={"threads": 1}) as con, quiet_splink():
        linker = _linker(con, data, found, settings, model.fields)
        trusted = [block_on(*fields) for fields in model.trusted]
        linker.training.estimate_probability_two_random_records_match(trusted, recall=0.95)
        linker.training.estimate_u_using_random_sampling(max_pairs=MAX_PAIRS, seed=SEED)
        for fields in model.passes:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*fields))
        scored = linker.inference.predict(warning_mode="never").physical_name
        query = f"select unique_id_l, unique_id_r from {scored} where match_probability >= ?"
        linked = {t: _pairs(data, con.execute(query, [t]).fetchall()) for t in THRESHOLDS}
        return linked, _pairs(data, con.execute(query, [0.0]).fetchall())


def _comparisons(model: Model) -> list[Any]:
    import splink.comparison_library as cl

    both = cl.ForenameSurnameComparison("first_forename", "surname", forename_surname_concat_col_name="full_name")
    degrees = {field: [1] if field == "street_number" else [1, 2] for field in model.typed}
    return [
        *([] if set(NAMES) <= set(model.written) else [both]),
        *(cl.DamerauLevenshteinAtThresholds(field, faults) for field, faults in degrees.items()),
        *(cl.JaroWinklerAtThresholds(field, [0.9, 0.8]) for field in model.written),
        *(cl.ExactMatch(field) for field in model.exact),
    ]


def splink_rules(data: DataSet, found: Found, configuration: Configuration) -> frozenset[Pair]:
    """The pairs of Splink's deterministic_link on the same rules and the same normalised fields."""
    from splink import SettingsCreator, block_on

    rules = [
        _as_rule(fields) if "swapped_names" in fields else block_on(*_columns(fields)) for fields in configuration.rules
    ]
    settings = SettingsCreator(
        link_type=_link_type(data), blocking_rules_to_generate_predictions=rules, linker_uid="public_truth"
    )
    with duckdb.connect(":memory:", config={"threads": 1}) as con, quiet_splink():
        linked = (
            _linker(con, data, found, settings, configuration.more_fields).inference.deterministic_link().physical_name
        )
        return _pairs(data, con.execute(f"select unique_id_l, unique_id_r from {linked}").fetchall())


def _link_type(data: DataSet) -> str:
    return "dedupe_only" if data.is_deduplication else "link_only"


def _columns(fields: tuple[str, ...]) -> list[str]:
    return [COLUMNS.get(field, field) for field in fields]


def _as_rule(fields: tuple[str, ...]) -> str:
    others = [column for column in _columns(fields) if column != "swapped_names"]
    return " and ".join([SWAPPED, *(f"l.{column} = r.{column}" for column in others)])


def _linker(con: duckdb.DuckDBPyConnection, data: DataSet, found: Found, settings: Any, fields: tuple[str, ...]) -> Any:
    from splink import DuckDBAPI, Linker

    database = DuckDBAPI(con)
    sides = {"left_rows": (data.left, found.left, "case_id"), "right_rows": (data.right, found.right, "record_id")}
    tables = []
    for name, (received, cleaned, key) in list(sides.items())[: 1 if data.is_deduplication else 2]:
        rows = _splink_rows(received, cleaned.rename(columns={key: "unique_id"}), fields)
        con.register("rows_given", rows)
        con.execute(f"create table {name} as select * from rows_given order by unique_id")
        tables.append(database.register(name, table_name=name.removesuffix("_rows")))
    return Linker(tables if len(tables) > 1 else tables[0], settings, log_level=None)


def _splink_rows(received: pd.DataFrame, cleaned: pd.DataFrame, fields: tuple[str, ...]) -> pd.DataFrame:
    """Names and birthday as cleaned, other fields as received; the year of birth, to look for pairs within."""
    own = ["unique_id", "surname", "forenames", "first_forename", "date_of_birth"]
    made = cleaned[own].assign(
        full_name=cleaned["surname"] + " " + cleaned["first_forename"],
    )
    more = received[["rec_id", *fields]].rename(columns={"rec_id": "unique_id"})
    return made.merge(more.assign(year=received["date_as_typed"].str[:4]), on="unique_id", validate="one_to_one")


def _pairs(data: DataSet, rows: list[Pair]) -> frozenset[Pair]:
    if data.is_deduplication:
        return frozenset((min(pair), max(pair)) for pair in rows)
    return frozenset(rows)
