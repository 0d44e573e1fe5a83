"""Cleaning takes what can be made again, and nothing while it cannot tell."""

import pytest

from orchestration.commands.cleaning import clean_folder
from orchestration.errors import PipelineError
from orchestration.settings import read_settings


@pytest.mark.parametrize("text", ["{", "[]", '{"files": 1}'], ids=["cut short", "a list", "no list of files"])
def test_cleaning_removes_nothing_when_it_cannot_tell_synthetic_from_real(tmp_path, text):
    settings = read_settings({"PROBATION_DATA_DIR": str(tmp_path)})
    settings.warehouse.write_bytes(b"made from extracts")
    settings.landing_dir.mkdir()
    (settings.landing_dir / "synthetic_manifest.json").write_text(text)
    with pytest.raises(PipelineError, match="Nothing was removed"):
        clean_folder(settings)
    assert settings.warehouse.exists()


def test_cleaning_leaves_the_order_in_which_deliveries_were_first_seen(tmp_path):
    settings = read_settings({"PROBATION_DATA_DIR": str(tmp_path)})
    kept = settings.first_seen_file
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    settings.warehouse.touch()
    kept.touch()
    clean_folder(settings)
    assert not settings.warehouse.exists()
    assert kept.exists()
