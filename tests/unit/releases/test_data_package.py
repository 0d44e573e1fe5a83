import csv
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from orchestration.publications.pages.imprint import LICENCE
from orchestration.releases.data_package import DATA_PACKAGE, README
from orchestration.storage.fingerprints import of_file
from orchestration.tables.catalogue import released_table

READ = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


@pytest.fixture(scope="module")
def package(release_folder: Path) -> dict:
    return json.loads((release_folder / DATA_PACKAGE).read_text(encoding="utf-8"))


def test_every_csv_of_the_results_is_described_with_its_size_and_hash(package: dict, release_folder: Path) -> None:
    described = {resource["path"]: resource for resource in package["resources"]}
    assert set(described) == {f"csv/{path.name}" for path in (release_folder / "csv").glob("*.csv")}
    for name, resource in described.items():
        assert resource["bytes"] == (release_folder / name).stat().st_size
        assert resource["hash"] == f"sha256:{of_file(release_folder / name)}"


def test_every_cell_can_be_read_as_the_type_it_is_described_with(package: dict, release_folder: Path) -> None:
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        with (release_folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            heading, *lines = csv.reader(file)
        assert heading == [field["name"] for field in fields], resource["name"]
        for line in lines:
            for field, text in zip(fields, line, strict=True):
                if text:
                    READ[field["type"]](text)


def test_keys_are_those_of_the_declaration_and_tell_the_rows_apart(package: dict, release_folder: Path) -> None:
    for resource in package["resources"]:
        schema = resource["schema"]
        key = schema.get("primaryKey") or schema["uniqueKeys"][0]
        assert key == list(released_table(resource["name"]).key)
        with (release_folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            found = [tuple(row[name] for name in key) for row in csv.DictReader(file)]
        assert len(set(found)) == len(found), resource["name"]
        assert "primaryKey" not in schema or all(all(values) for values in found), resource["name"]


def test_every_field_says_what_it_means(package: dict) -> None:
    assert all(field["description"] for resource in package["resources"] for field in resource["schema"]["fields"])


def test_licence_sources_and_the_synthetic_mark_stand_in_the_package_and_beside_it(
    package: dict, release_folder: Path
) -> None:
    readme = (release_folder / README).read_text(encoding="utf-8")
    beside_the_tables = (release_folder / "csv" / README).read_text(encoding="utf-8")
    assert package["licenses"] == [LICENCE]
    assert package["sources"]
    assert package["is_synthetic"] is True
    for text in (package["description"], readme, beside_the_tables):
        assert "SYNTHETIC DATA" in text
    assert LICENCE["path"] in readme
    assert LICENCE["path"] in beside_the_tables


def test_nobody_is_named_as_contact_where_nobody_was_given(package: dict, release_folder: Path) -> None:
    assert "contributors" not in package
    assert "Contact" not in (release_folder / README).read_text(encoding="utf-8")
