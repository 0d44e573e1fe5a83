"""Reading a profile and refusing one that breaks the extracts' rules."""

import gzip

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.synthetic.profile import PROFILE_COLUMNS, broken_rules, read_profile, write_profile


@pytest.fixture(scope="module")
def profile() -> pd.DataFrame:
    return read_profile()


def test_the_shipped_profile_has_3308_cases_and_the_agreed_columns(profile):
    assert list(profile.columns) == list(PROFILE_COLUMNS)
    assert profile["profile_id"].tolist() == list(range(1, 3309))


def test_the_shipped_profile_holds_no_identity(profile):
    assert not {"crn", "pnc_id", "surname", "forenames", "date_of_birth", "case_id"} & set(profile.columns)


def test_a_written_profile_reads_back_and_gives_the_same_bytes(profile, tmp_path):
    first, second = tmp_path / "a.csv.gz", tmp_path / "b.csv.gz"
    write_profile(profile, first)
    write_profile(read_profile(first), second)
    pd.testing.assert_frame_equal(read_profile(first), profile)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("rule", "column", "mask", "value"),
    [
        ("delivery_ete without need_ete", "delivery_ete", ("need_ete", "no"), "yes"),
        ("building_family without strength_family", "building_family", ("strength_family", "no"), "no"),
        ("a termination of no community sentence", "termination_matched", ("case_type", "post_release"), 1),
        ("a reason without a termination", "termination_reason", ("termination_matched", 0), "excluded"),
        ("reoffending unknown of a matched case", "reoffended", ("reoffending_matched", 1), pd.NA),
        ("reoffences that disagree with reoffended", "reoffences", ("reoffended", 1), 0),
        ("days to a first reoffence there was not", "days_to_first_reoffence", ("reoffended", 0), 9),
        ("age is outside 18 to 110", "age", ("gender", "male"), 17),
        ("gender holds an unknown code", "gender", ("gender", "male"), "man"),
        ("provider is missing somewhere", "provider", ("gender", "male"), None),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_broken_rule_is_named(rule, column, mask, value, profile):
    broken = profile.copy()
    where = profile.index[(profile[mask[0]] == mask[1]).fillna(False).astype(bool)][0]
    broken.loc[where, column] = value
    assert rule in broken_rules(broken)


def test_the_rules_hold_for_the_shipped_profile(profile):
    assert broken_rules(profile) == []


@pytest.mark.parametrize(
    "content",
    [b"not gzip", gzip.compress(b""), gzip.compress(b"profile_id,age\n1,30\n")],
    ids=["not gzip", "empty", "other columns"],
)
def test_a_file_that_is_no_profile_gives_one_clear_message(content, tmp_path):
    path = tmp_path / "profile.csv.gz"
    path.write_bytes(content)
    with pytest.raises(PipelineError) as caught:
        read_profile(path)
    assert caught.value.where == str(path)
    assert "calibration" in caught.value.remedy


def test_a_missing_file_gives_one_clear_message(tmp_path):
    with pytest.raises(PipelineError):
        read_profile(tmp_path / "none.csv.gz")
