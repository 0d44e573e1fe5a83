"""What `make linkage-quality` prints."""

import pytest

from orchestration.commands.linkage_report import print_linkage_quality, quality_text
from orchestration.errors import PipelineError
from orchestration.methods.linkage.accuracy.losses import linkage_losses
from orchestration.methods.linkage.accuracy.quality import linkage_quality
from tests.conftest import settings_for
from tests.made_up.evidence import case, evidence, pair


def _text(cases, pairs):
    given = [evidence(cases, pairs)]
    return quality_text(linkage_quality(given), linkage_losses(given).linkage_losses)


def test_the_account_names_counts_intervals_rules_and_reasons():
    cases = [case("C1", "matched", "pnc_dob"), case("C2", "matched", "names_dob"), case("C3")]
    pairs = [
        pair("C1", "T1", "is_true_in_window", "is_candidate", "is_chosen"),
        pair("C2", "T2", "is_candidate", "is_chosen"),
        pair("C3", "T3", "is_true_in_window", dob="agrees"),
    ]
    lines = [" ".join(line.split()) for line in _text(cases, pairs).splitlines()]
    assert lines[0] == "terminations: 3 cases judged, 2 linkable, 2 matched"
    assert "1 of 2 50.000% ( 9.453 to 90.547) of the matched cases have a true record" in lines
    assert "1 of 1 100.000% ( 20.655 to 100.000) pnc_dob (100.0% of true links)" in lines
    assert "False links: 1" in lines
    assert (
        "1 not_a_candidate_missing: never compared: no block could be formed, identifiers are missing or invalid"
        in lines
    )


def test_an_account_without_any_true_link_can_be_printed():
    assert "0 linkable, 0 matched" in _text([case("C1")], [])


def test_a_truth_that_names_no_eligible_case_is_said():
    assert "nothing to judge" in _text([], [])


def test_without_links_the_user_is_told_what_to_run(tmp_path):
    with pytest.raises(PipelineError, match="make bulletin"):
        print_linkage_quality(settings_for(tmp_path))
