"""An export: one new folder with the cases, their codebook, the published coefficients and the script.

Belongs here: reading the ad hoc database and writing the folder, whole or not at all. Not here: numbers and labels
(`analysis_file.py`), the script (`refit_script.py`).
"""

import shutil
from pathlib import Path

import pandas as pd

from orchestration.analysis_files.analysis_file import analysis_file, codebook
from orchestration.analysis_files.refit_script import SCRIPT_NAME, refit_script
from orchestration.errors import PipelineError
from orchestration.publications.shared.csv_tables import csv_bytes
from orchestration.settings import Settings
from orchestration.storage import files
from orchestration.storage.analysis_database import open_for_reading

CASES = "select * from marts.cases order by case_key"
PUBLISHED = """
    select m.model_id, m.outcome, m.family, c.coefficient, c.estimate, c.std_error, c.p as p_value, c.exp_estimate,
        c.ci_low, c.ci_high
    from results.model_coefficients as c
    inner join (
        select distinct model_id, outcome, family from results.models where is_published and bulletin = '2023/04'
    ) as m using (model_id)
    where c.bulletin = '2023/04' and c.coefficient <> 'alpha'
    order by all
"""
README = """A row an inspected case, without identifiers and dates, with what happened afterwards.
RESTRICTED: these are rows of people. Nothing here may leave as it is; what may is made by `make release`.

cases.sav                   for SPSS and R's haven: numbers with variable and value labels
cases.parquet, cases.csv    the same rows with their codes
codebook.csv                what every column and code means, its number in cases.sav, and how many cases have it
published_coefficients.csv  the published models of Bulletin 2023/04
{script:<27} fits them again from cases.csv:  Rscript {script}
"""


def export(settings: Settings, folder: Path) -> list[str]:
    """Write the export into `folder`, which must not be there yet, for the owner alone; returns the files' names.

    Raises PipelineError where the folder is there, lies among the releases, or cannot be written, and where there is
    no ad hoc database.
    """
    folder = folder.resolve()
    _require_new(folder, settings)
    with open_for_reading(settings.analysis_database) as connection:
        cases, published = connection.execute(CASES).df(), connection.execute(PUBLISHED).df()
    incoming = folder.with_name(f".{folder.name}.incoming")
    try:
        shutil.rmtree(incoming, ignore_errors=True)
        incoming.mkdir(mode=0o700)
        _write_all(incoming, cases, published)
        files.put_in_place(incoming, folder)
    except OSError as error:
        raise PipelineError(
            f"The export could not be written: {error.strerror}.",
            "Make room, or name a folder that you may write into.",
            str(folder),
        ) from None
    finally:
        shutil.rmtree(incoming, ignore_errors=True)
    return sorted(path.name for path in folder.iterdir())


def _require_new(folder: Path, settings: Settings) -> None:
    if folder.exists():
        raise PipelineError("The folder is there already.", "Name a new one: make export OUT=...", str(folder))
    for closed in (settings.published_dir, settings.public_dir):
        if folder.is_relative_to(closed.resolve()):
            raise PipelineError(
                "An export holds rows of people and does not belong among the releases.",
                "Name another folder: make export OUT=...",
                str(folder),
            )


def _write_all(folder: Path, cases: pd.DataFrame, published: pd.DataFrame) -> None:
    import pyreadstat

    asked = analysis_file(cases)
    pyreadstat.write_sav(
        asked.frame,
        str(folder / "cases.sav"),
        column_labels=asked.labels,
        variable_value_labels=asked.values,
        variable_measure=dict.fromkeys(asked.values, "nominal"),
        row_compress=True,
    )
    cases.to_parquet(folder / "cases.parquet", index=False)
    texts = {
        "cases.csv": csv_bytes(cases),
        "codebook.csv": csv_bytes(codebook(cases)),
        "published_coefficients.csv": csv_bytes(published),
        SCRIPT_NAME: refit_script().encode(),
        "README.txt": README.format(script=SCRIPT_NAME).encode(),
    }
    for name, content in texts.items():
        files.write_private_file(folder / name, content)
    for path in folder.iterdir():
        path.chmod(files.FOR_THE_OWNER)
