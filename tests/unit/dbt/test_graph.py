"""A layer in parts: together they are all of it."""

import pytest

from orchestration.dbt.graph import LAYERS, part_with_rows, part_without_rows, relations_read, whole_layer
from orchestration.dbt.layers import manifest_of
from tests.conftest import settings_for


@pytest.fixture
def manifest(tmp_path):
    return manifest_of(settings_for(tmp_path))


@pytest.mark.parametrize("layer", LAYERS)
def test_every_test_of_a_layer_is_in_one_of_its_parts(manifest, layer):
    whole, before, after = (part(manifest, layer) for part in (whole_layer, part_without_rows, part_with_rows))
    assert before.tests.keys() | after.tests.keys() == whole.tests.keys()
    assert not before.tests.keys() & after.tests.keys()
    assert before.made == whole.made


@pytest.mark.parametrize("layer", LAYERS)
def test_each_is_made_after_what_it_is_made_from(manifest, layer):
    made = whole_layer(manifest, layer).made
    by_name = {node["name"]: node for node in manifest["nodes"].values() if node["name"] in made}
    for place, name in enumerate(made):
        parents = {parent.split(".")[2] for parent in by_name[name]["depends_on"].get("nodes", ())} & set(made)
        assert parents <= set(made[:place]), name


def test_a_layer_reads_extracts_reference_tables_and_earlier_layers_and_not_itself(manifest):
    assert {("raw", "parsed_inspections"), ("reference", "titles")} <= relations_read(manifest, "staging")
    marts = relations_read(manifest, "marts")
    assert {("linkage", "case_keys"), ("linkage", "decisions"), ("reference", "bands")} <= marts
    assert "marts" not in {schema for schema, _ in marts}
