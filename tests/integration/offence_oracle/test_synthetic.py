"""The synthetic offences measure as the profile says, case by case, and hold what must not count."""

import numpy as np
import pandas as pd
import pytest

from orchestration.synthetic.extracts.drawing import draw_extracts
from orchestration.synthetic.extracts.offences import draw_offences, index_records
from orchestration.synthetic.identities.shares import Shares
from orchestration.synthetic.profile import SHIPPED_PROFILE, read_profile
from tests.integration.linkage_oracle import compiled
from tests.integration.offence_oracle.test_measure import load_offences

OUTCOME = ["reoffended", "reoffences", "days_to_first_reoffence"]
NOT_COUNTED = {
    "index_offence", "pseudo_reconviction", "after_followup", "overturned", "not_proven", "proven_too_late",
    "outside_england_and_wales", "not_a_reoffence",
}  # fmt: skip


@pytest.mark.parametrize("seed", [2023, 7])
def test_every_matched_case_measures_as_the_profile_says(tmp_path, seed):
    profile = read_profile(SHIPPED_PROFILE)
    drawn = draw_extracts(profile, seed, 0, 15_000, Shares())
    records = index_records(drawn.reoffending.join(drawn.whose))
    project = compiled.compile_project(tmp_path)
    con = compiled.open_warehouse(project)
    compiled.load(con, [])
    load_offences(con, draw_offences(np.random.default_rng(seed), records).replace("", None))
    compiled.run(con, project, "staging")

    measured = con.execute(f"select record_id, {', '.join(OUTCOME)} from staging.staged_reoffending").df()
    assert set(measured["record_id"]) >= set(records["record_id"])  # a row that names nobody is a person of its own
    inspected = records.loc[records["case"] >= 0, ["record_id", "case"]].merge(measured, on="record_id")
    combined = inspected.groupby("case").agg({"reoffended": "max", "reoffences": "max", OUTCOME[2]: "min"})
    matched = profile.reset_index(drop=True).loc[lambda rows: rows["reoffending_matched"] == 1, OUTCOME]
    pd.testing.assert_frame_equal(
        combined.astype("float64"), matched.astype("float64"), check_names=False, check_index_type=False
    )
    verdicts = con.execute("select distinct verdict from staging.offence_verdicts").fetchall()
    assert {verdict for (verdict,) in verdicts} >= NOT_COUNTED
