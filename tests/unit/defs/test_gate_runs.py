"""What a gate's outcomes look like in the UI and on the terminal: a warning like a warning, and it stops nothing."""

from types import SimpleNamespace

import dagster as dg
import pandas as pd
import pytest

from orchestration.defs import console, gate_runs

MET = {"expectation": "e", "subject": "s", "success": True, "severity": "error", "observed": "0", "message": "met"}
WARNED = MET | {"success": False, "severity": "warn", "message": "one is odd"}
FAILED = MET | {"success": False, "message": "one is wrong"}
OUTCOMES = {
    "met": ([MET], True, dg.AssetCheckSeverity.WARN, "passed"),
    "warned": ([MET, WARNED], False, dg.AssetCheckSeverity.WARN, "passed, with warnings"),
    "failed": ([MET, WARNED, FAILED], False, dg.AssetCheckSeverity.ERROR, "DID NOT PASS"),
}


@pytest.mark.parametrize(("rows", "passed", "severity", "told"), OUTCOMES.values(), ids=OUTCOMES)
def test_a_gate_is_shown_as_it_went(monkeypatch, rows, passed, severity, told):
    monkeypatch.setattr(gate_runs, "gate_results", lambda *_: pd.DataFrame(rows))
    run = SimpleNamespace(name="publication_gate", fingerprint="f")
    result = gate_runs.check_result(None, run, dg.AssetKey(["results", "annex_b"]), "gate")
    assert (result.passed, result.severity) == (passed, severity)
    evaluation = SimpleNamespace(
        asset_key=result.asset_key, check_name="gate", passed=result.passed, severity=result.severity
    )
    event = SimpleNamespace(event_type_value="ASSET_CHECK_EVALUATION", asset_check_evaluation_data=evaluation)
    assert console._line_of(event) == f"  gate: {told}"


def test_a_blocking_gate_that_warns_lets_what_follows_run():
    @dg.asset
    def judged():
        pass

    @dg.asset_check(asset=judged, blocking=True)
    def gate():
        return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)

    @dg.asset(deps=[judged])
    def after():
        pass

    assert dg.materialize([judged, gate, after]).success
