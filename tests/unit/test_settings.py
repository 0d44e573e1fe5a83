"""Settings come from the environment, and say what is wrong with it."""

import pytest

from orchestration.errors import PipelineError
from orchestration.methods.linkage.bias.weights import Truncation
from orchestration.methods.sampling.sample_size import BULLETIN_PRECISION, Precision
from orchestration.settings import DatabaseLimits, Parameters, read_settings
from orchestration.storage.warehouse import open_warehouse


def test_defaults_are_the_bulletins():
    parameters = read_settings({}).parameters
    assert (parameters.match_window_days, parameters.significance_level) == (7, 0.05)
    assert (parameters.followup_months, parameters.waiting_months) == (12, 6)


def test_without_a_folder_named_the_data_lies_where_the_program_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_settings({}).data_dir == tmp_path / "data"


def test_every_parameter_can_be_set():
    environment = {f"PROBATION_{name.upper()}": str(value) for name, value in Parameters().model_dump().items()}
    assert read_settings(environment).parameters == Parameters()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROBATION_MATCH_WINDOW_DAYS", "-1"),
        ("PROBATION_MATCH_WINDOW_DAYS", "seven"),
        ("PROBATION_SIGNIFICANCE_LEVEL", "1"),
        ("PROBATION_MATCH_WINDOW", "7"),
        ("PROBATION_SAMPLE_CONFIDENCE", "0"),
        ("PROBATION_SAMPLE_MARGIN", "5"),
        ("PROBATION_WEIGHT_PERCENTILE_HIGH", "100.5"),
        ("PROBATION_MEMORY_LIMIT", "plenty"),
        ("PROBATION_MEMORY_LIMIT", "4"),
        ("PROBATION_MEMORY_LIMIT", "0GB"),
        ("PROBATION_MEMORY_LIMIT", "101%"),
        ("PROBATION_MEMORY_LIMIT", "200%"),
        ("PROBATION_THREADS", "0"),
        ("PROBATION_ENGINE", "oracle"),
        ("PROBATION_SPARK_WORKERS", "0"),
        ("PROBATION_SPARK_MEMORY", "2"),
        ("PROBATION_SPARK_MEMORY", "400m"),
        ("PROBATION_DISCLOSURE_THRESHOLD", "0"),
        ("PROBATION_DISCLOSURE_WIDTH", "0"),
        ("PROBATION_DISCLOSURE_ROUNDING", "1"),
    ],
    ids=[
        "negative",
        "text",
        "out of range",
        "unknown name",
        "no confidence",
        "a margin in points",
        "beyond the last percentile",
        "memory in words",
        "memory without unit",
        "no memory",
        "a little more memory than there is",
        "more memory than there is",
        "no thread",
        "an engine there is not",
        "nobody to work",
        "memory of a worker without unit",
        "less memory than Spark begins with",
        "nobody is too few to be told of",
        "what is hidden may be known",
        "counts rounded to themselves",
    ],
)
def test_an_unusable_setting_is_named(name, value):
    with pytest.raises(PipelineError, match=f"{name} cannot be used"):
        read_settings({name: value})


@pytest.mark.parametrize(
    ("name", "example"), [("PROBATION_MEMORY_LIMIT", "4GB, 500MB or 50%"), ("PROBATION_SPARK_MEMORY", "2g or 1500m")]
)
def test_an_amount_of_memory_is_told_with_an_example_of_its_own(name, example):
    with pytest.raises(PipelineError, match=f"a number and a unit are needed, such as {example}"):
        read_settings({name: "much"})


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("PROBATION_MATCH_WINDOW", "PROBATION_MATCH_WINDOW_DAYS"),
        ("PROBATION_DATADIR", "PROBATION_DATA_DIR"),
        ("PROBATION_THREAD", "PROBATION_THREADS"),
    ],
)
def test_a_mistyped_setting_is_answered_with_the_nearest(mistyped, meant):
    with pytest.raises(PipelineError) as refusal:
        read_settings({mistyped: "7"})
    assert f"{mistyped} cannot be used: there is no such setting. Did you mean {meant}?" in refusal.value.problem


def test_a_setting_like_no_other_is_answered_with_all_instead_of_a_guess():
    with pytest.raises(PipelineError, match="no such setting") as refusal:
        read_settings({"PROBATION_ZZZ": "7"})
    assert "Did you mean" not in str(refusal.value)
    for name in ("data_dir", *Parameters.model_fields, *DatabaseLimits.model_fields):
        assert f"PROBATION_{name.upper()}" in refusal.value.remedy


def test_a_band_upside_down_is_refused():
    with pytest.raises(PipelineError, match="PROBATION_MATCH_RATE_LOW cannot be used: match_rate_low is above"):
        read_settings({"PROBATION_MATCH_RATE_LOW": "90", "PROBATION_MATCH_RATE_HIGH": "80"})


@pytest.mark.parametrize(("low", "high"), [("99", "1"), ("50", "50")], ids=["upside down", "nothing between"])
def test_percentiles_that_leave_no_weight_are_refused(low, high):
    told = "PROBATION_WEIGHT_PERCENTILE_LOW cannot be used: weight_percentile_low is not below"
    with pytest.raises(PipelineError, match=told):
        read_settings({"PROBATION_WEIGHT_PERCENTILE_LOW": low, "PROBATION_WEIGHT_PERCENTILE_HIGH": high})


def test_defaults_are_those_of_the_methods():
    parameters = read_settings({}).parameters
    assert Precision(parameters.sample_confidence, parameters.sample_margin) == BULLETIN_PRECISION
    assert Truncation(parameters.weight_percentile_low, parameters.weight_percentile_high) == Truncation()


def test_limits_of_the_database_are_no_parameters():
    settings = read_settings({"PROBATION_MEMORY_LIMIT": "500MB", "PROBATION_THREADS": "1"})
    assert settings.limits == DatabaseLimits(memory_limit="500MB", threads=1)
    assert settings.parameters == Parameters()


@pytest.mark.parametrize("limit", ["100%", "99.5%", "7%", "50 %", "1.5GB", "4 GiB"])
def test_shares_and_sizes_of_memory_are_taken(limit):
    assert read_settings({"PROBATION_MEMORY_LIMIT": limit}).limits.memory_limit == limit


def test_too_little_memory_is_told_as_such_and_not_as_damage(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path, DatabaseLimits()) as connection:
        connection.execute("create table numbers as select range as number from range(1000000)")
    little = DatabaseLimits(memory_limit="1MB", threads=1)
    with pytest.raises(PipelineError, match="too little") as refusal, open_warehouse(path, limits=little) as connection:
        connection.execute("select list(number) from numbers").fetchall()
    assert "PROBATION_MEMORY_LIMIT" in refusal.value.remedy
    assert "delete" not in str(refusal.value)


def test_the_warehouse_keeps_to_its_limits_and_spills_into_the_run_folder(tmp_path):
    limits = DatabaseLimits(memory_limit="100MiB", threads=1)
    with open_warehouse(tmp_path / "warehouse.duckdb", limits=limits) as connection:
        query = "select current_setting('memory_limit'), current_setting('threads'), current_setting('temp_directory')"
        assert connection.execute(query).fetchall() == [("100.0 MiB", 1, str(tmp_path / ".run" / "spill"))]
        connection.execute("create table numbers as select range as number, hash(range) as code from range(8000000)")
        sorted_codes = connection.execute("select count(*) from (select * from numbers order by code limit 7000000)")
        assert sorted_codes.fetchall() == [(7000000,)]
