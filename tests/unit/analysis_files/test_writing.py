"""An export read back by the programs it is for, and where it may not lie."""

import shutil
import subprocess

import duckdb
import pandas as pd
import pytest

from orchestration.analysis_files.writing import export
from orchestration.errors import PipelineError
from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from tests.conftest import settings_for
from tests.unit.methods.example_cases import example_cases


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """An export of made-up cases and of our fits of them."""
    settings = settings_for(tmp_path_factory.mktemp("data"))
    cases = example_cases(1200, missing=0.02)
    fitted = fit_bulletin_models(cases)
    tables = {
        "marts.cases": cases,
        "results.models": fitted.models.assign(bulletin="2023/04"),
        "results.model_coefficients": fitted.model_coefficients.assign(bulletin="2023/04"),
    }
    with duckdb.connect(str(settings.analysis_database)) as connection:
        connection.execute("create schema marts; create schema results")
        for name, frame in tables.items():
            connection.register("frame", frame)
            connection.execute(f"create table {name} as select * from frame")
    folder = settings.data_dir.parent / "an export"
    export(settings, folder)
    return settings, folder, cases


def test_spss_reads_the_answers_that_the_mart_holds(exported):
    import pyreadstat

    _, folder, cases = exported
    read, about = pyreadstat.read_sav(str(folder / "cases.sav"), apply_value_formats=True)
    expected = cases.sort_values("case_key")["engagement"].map({"yes": "Yes", "no": "No"})
    assert [None if pd.isna(v) else v for v in read["engagement"]] == [None if pd.isna(v) else v for v in expected]
    assert about.column_names_to_labels["engagement"].startswith("Key question: Is the sentence")


def test_csv_and_parquet_hold_the_same_rows(exported):
    _, folder, cases = exported
    parquet = pd.read_parquet(folder / "cases.parquet")
    text = pd.read_csv(folder / "cases.csv")
    assert len(parquet) == len(text) == len(cases)
    assert list(parquet.columns) == list(text.columns)
    assert list(parquet["reoffences"].fillna(-1)) == list(text["reoffences"].fillna(-1))


def test_the_owner_alone_reads_it(exported):
    _, folder, _ = exported
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no R here")
def test_r_comes_to_the_published_coefficients(exported):
    _, folder, _ = exported
    made = subprocess.run(["Rscript", "refit.R"], cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert made.stdout.count("standard errors apart") == 6


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no R here")
def test_r_says_so_where_a_published_coefficient_is_another(exported, tmp_path):
    _, folder, _ = exported
    shutil.copytree(folder, tmp_path / "changed")
    file = tmp_path / "changed" / "published_coefficients.csv"
    published = pd.read_csv(file)
    published.loc[published["coefficient"] == "age", "estimate"] += 1e-3
    published.to_csv(file, index=False)
    made = subprocess.run(["Rscript", "refit.R"], cwd=file.parent, capture_output=True, text=True, check=False)
    assert made.returncode != 0
    assert "R and the published models differ" in made.stderr


def test_a_folder_that_is_there_is_left_alone(exported):
    settings, folder, _ = exported
    with pytest.raises(PipelineError, match="there already"):
        export(settings, folder)


def test_rows_of_people_are_not_put_among_the_releases(exported):
    settings, _, _ = exported
    with pytest.raises(PipelineError, match="does not belong among the releases"):
        export(settings, settings.public_dir / "export")


def test_what_cannot_be_written_leaves_nothing_behind(exported, tmp_path):
    settings, _, _ = exported
    (tmp_path / "file").write_text("")
    with pytest.raises(PipelineError, match="could not be written"):
        export(settings, tmp_path / "file" / "export")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_without_a_database_its_remedy_is_told(tmp_path):
    with pytest.raises(PipelineError, match="make bulletin"):
        export(settings_for(tmp_path / "none"), tmp_path / "export")
