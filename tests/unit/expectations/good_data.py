"""Frames that every suite accepts.

Belongs here: what the mutations start from. Not here: any fault.
"""

from importlib import import_module

import pandas as pd

from expectations.linkage import LinkedTables
from expectations.publication import PublicationTables
from expectations.runner import ERROR
from expectations.source_gate import SourceContext, SourceGate
from expectations.sources import source_context
from orchestration.ingest.counting import count_values
from orchestration.ingest.extracts import SourceExtract
from orchestration.ingest.findings import findings_frame
from orchestration.ingest.labels import read_labels
from orchestration.ingest.parsing import no_places, parse_rows
from orchestration.settings import CODES_DIR, PUBLISHED_FIGURES_DIR, Parameters
from orchestration.tables.contract import CONTRACT, WHOLE_CONTRACT
from tests.made_up.extracts import sample

N_CASES = 3308


def typed_rows(source: str, n_rows: int = 8) -> pd.DataFrame:
    """The sample of a source as ingest types it."""
    texts = sample(source, n_rows).replace("", None).astype("str")
    texts = texts.assign(file="delivery 1", line=range(2, n_rows + 2))
    return parse_rows(source, texts, read_labels(CODES_DIR)).rows


def extract(source: str, n_rows: int = 8) -> SourceExtract:
    """The sample of a source as ingest gives it, without files."""
    rows = typed_rows(source, n_rows)
    received = rows.astype("str").assign(line=rows["line"], delivery_order=1, file_sha256="")
    return SourceExtract(
        source=source,
        changed_from=1,
        rows=received,
        parsed=rows,
        rejected=no_places(),
        superseded=pd.DataFrame(),
        deliveries=deliveries(),
        notes=no_places(),
        findings=findings_frame("", []),
        counts=count_values(WHOLE_CONTRACT[source], received),
        readings=pd.DataFrame(),
    )


def deliveries(*days: str, resent: str | None = None) -> pd.DataFrame:
    """Deliveries with these dates in their names (one without a date when none is given), and perhaps the
    first of them again under a later date."""
    dates = [*(days or [None]), *([resent] if resent else [])]
    again = [None] * (len(dates) - bool(resent)) + (["first"] if resent else [])
    return pd.DataFrame(
        {
            "delivery": [f"delivery {number}" for number in range(1, len(dates) + 1)],
            "delivery_order": range(1, len(dates) + 1),
            "file_sha256": "",
            "rows": 8,
            "expected_rows": pd.array([None] * len(dates), dtype="Int64"),
            "delivered_date": pd.to_datetime(dates).astype("datetime64[us]"),
            "duplicate_of": pd.Series(again, dtype="str"),
        }
    )


def context() -> SourceContext:
    return source_context(CODES_DIR, typed_rows("inspections"))


def stops_on_the_whole(
    source: str, given: SourceExtract, known: SourceContext | None = None, **parameters: float
) -> dict[str, str]:
    """What a source's own module asks of it as a whole, and stops the run: name -> message. The other suites of the
    gate take a second."""
    gate: SourceGate = import_module(f"expectations.{source}").GATE
    checked = gate.whole(given.parsed, given, Parameters(**parameters), known or context())
    outcomes = [item.outcome for item in checked if not item.outcome.success]
    return {outcome.expectation: outcome.message for outcome in outcomes if outcome.severity == ERROR}


def linked_tables() -> LinkedTables:
    """Ten cases, six of community sentences; nine of ten and five of six matched."""
    cases = pd.DataFrame(
        {"case_id": [f"I{i}" for i in range(10)], "case_type": ["community"] * 6 + ["post_release"] * 4}
    )
    return LinkedTables(
        cases=cases,
        termination_outcomes=_outcomes(cases["case_id"].head(6)),
        termination_matches=_matches(cases["case_id"].head(6)),
        reoffending_outcomes=_outcomes(cases["case_id"]),
        reoffending_matches=_matches(cases["case_id"]),
    )


def _outcomes(case_ids: pd.Series) -> pd.DataFrame:
    status = ["no_person", *["matched"] * (len(case_ids) - 1)]
    return pd.DataFrame({"case_id": case_ids.to_numpy(), "status": status})


def _matches(case_ids: pd.Series) -> pd.DataFrame:
    matched = case_ids.to_numpy()[1:]
    return pd.DataFrame(
        {
            "case_id": matched,
            "record_id": [f"R{case_id}" for case_id in matched],
            "date_difference_days": pd.array([-7, 7, *[0] * (len(matched) - 2)], dtype="Int64"),
            "is_contested": False,
        }
    )


def annex_b() -> pd.DataFrame:
    """The published cells with values unrounded to whole cases; one tested term."""
    frame = pd.read_csv(PUBLISHED_FIGURES_DIR / "annex_b.csv")
    divisor = frame["outcome"].map(lambda outcome: 1 if outcome == "reoffences" else 100)
    events = (frame["n"] * frame["value"] / divisor).round()
    is_gender = frame["item"] == "gender"
    return frame.assign(
        n=frame["n"].astype("Int64"),
        value=divisor * events / frame["n"],
        p_value=is_gender.map({True: 0.03, False: None}).astype("float64"),
        significant=is_gender.map({True: True, False: None}).astype("boolean"),
    )


def mart_cases() -> pd.DataFrame:
    """Cases whose totals are those of Table B1."""
    outcome = ["positive"] * 1161 + ["negative"] * 482 + ["excluded"] * 51 + [None] * (N_CASES - 1694)
    is_matched = pd.Series(range(N_CASES)) < 2885
    return pd.DataFrame(
        {
            "termination_outcome": pd.Series(outcome, dtype="str"),
            "termination_matched": pd.Series([True] * 1694 + [False] * 94 + [None] * 1520, dtype="boolean"),
            "reoffending_matched": is_matched.astype("boolean"),
            "reoffended": (pd.Series(range(N_CASES)) < 1120).astype("Int64").where(is_matched),
        }
    )


def publication_tables() -> PublicationTables:
    parts = {"received": 100, "rejected": 2, "superseded": 3, "repeated": 5, "accepted": 90}
    row_counts = {f"{part}.{source}": n for source in CONTRACT for part, n in parts.items()}
    row_counts |= {"received.inspections": N_CASES + 10, "accepted.inspections": N_CASES}
    return PublicationTables(
        row_counts=row_counts | {"matches.terminations": 1694, "matches.reoffending": 2885},
        cases=mart_cases(),
        annex_b=annex_b(),
        match_rates=pd.DataFrame({"eligible": [1788, 10], "matched": [1694, 5], "rate": [100 * 1694 / 1788, 50]}),
        models=pd.DataFrame(
            {
                "model_id": ["reoffended_prompts", "reoffences_zero_truncated"],
                "is_published": [True, False],
                "converged": [True, True],
                "n": pd.array([2500, 1000], dtype="Int64"),
            }
        ),
        model_terms=pd.DataFrame(
            {
                "model_id": ["m"] * 2,
                "term": ["age", "gender"],
                "wald_p": [0.2, 0.001],
                "estimable": [True, True],
            }
        ),
        model_coefficients=pd.DataFrame({"estimate": [0.2, -1.0], "std_error": [0.1, 0.2], "estimable": [True, True]}),
    )
