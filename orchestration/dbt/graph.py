"""What belongs to a layer of the dbt project, read from dbt's manifest.

Belongs here: questions to the graph, pure. Not here: making the manifest and building from it (`layers.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

Manifest = Mapping[str, Any]
# In the order in which they are built; a layer is a tag.
LAYERS = ("staging", "linkage", "marts")
_PROJECT = Path("dbt_project")


@dataclass(frozen=True)
class LayerPart:
    """What one build makes of a layer: names of models and reference tables, each after what it is made from, and
    id -> name of the data tests."""

    made: tuple[str, ...]
    tests: Mapping[str, str]


def whole_layer(manifest: Manifest, layer: str) -> LayerPart:
    """All of a layer."""
    return LayerPart(_made(manifest, layer, "model", "seed"), tests_of_layer(manifest, layer))


def part_without_rows(manifest: Manifest, layer: str) -> LayerPart:
    """All of a layer that can be made before its sources have a row: what is asked of reference tables alone too."""
    tests = tests_of_layer(manifest, layer)
    return LayerPart(
        _made(manifest, layer, "model", "seed"), {test: tests[test] for test in tests if _asks_seeds(manifest, test)}
    )


def part_with_rows(manifest: Manifest, layer: str) -> LayerPart:
    """What is made of rows, and asked of them."""
    tests = tests_of_layer(manifest, layer)
    return LayerPart(
        _made(manifest, layer, "model"), {test: tests[test] for test in tests if not _asks_seeds(manifest, test)}
    )


def relations_read(manifest: Manifest, layer: str) -> set[tuple[str, str]]:
    """Schema and name of what a layer's models and tests read and its models do not make; reference tables too."""
    nodes, part = manifest["nodes"], whole_layer(manifest, layer)
    made = {name for name, node in nodes.items() if node["resource_type"] == "model" and layer in node["tags"]}
    readers = made | part.tests.keys()
    parents = {parent for reader in readers for parent in nodes[reader]["depends_on"]["nodes"]} - made
    known = {**nodes, **manifest["sources"]}
    return {(known[name]["schema"], known[name]["name"]) for name in parents}


def _made(manifest: Manifest, layer: str, *kinds: str) -> tuple[str, ...]:
    """Each after what it is made from."""
    nodes = manifest["nodes"]
    made = {name: node for name, node in nodes.items() if node["resource_type"] in kinds and layer in node["tags"]}
    parents = {name: made.keys() & set(made[name]["depends_on"].get("nodes", ())) for name in sorted(made)}
    return tuple(nodes[name]["name"] for name in TopologicalSorter(parents).static_order())


def _asks_seeds(manifest: Manifest, test: str) -> bool:
    return all(parent.startswith("seed.") for parent in manifest["nodes"][test]["depends_on"]["nodes"])


def relations_of_schema(manifest: Manifest, schema: str) -> set[str]:
    """Names of all tables and views that somebody makes in a schema: dbt's own, and those that it only reads."""
    known = [*manifest["nodes"].values(), *manifest["sources"].values()]
    return {node["name"] for node in known if node.get("schema") == schema}


def sources_of_schema(manifest: Manifest, schema: str) -> set[str]:
    """Names of the tables in a schema that dbt only reads."""
    return {node["name"] for node in manifest["sources"].values() if node["schema"] == schema}


def tests_of_layer(manifest: Manifest, layer: str) -> dict[str, str]:
    """Id -> name of the data tests to run with a layer: those whose last table is built by it."""
    nodes = manifest["nodes"]
    return {
        unique_id: node["name"]
        for unique_id, node in nodes.items()
        if node["resource_type"] == "test" and _last_layer(nodes, node["depends_on"]["nodes"]) == layer
    }


def files_of_layer(manifest: Manifest, layer: str) -> frozenset[Path]:
    """The files that make and test a layer: models, reference tables it loads, tests, macros; relative to the project.

    Reference tables and models of earlier layers are theirs: the ledger builds a layer on the earlier ones.
    """
    nodes, macros = manifest["nodes"], manifest["macros"]
    built = [node for node in nodes.values() if node["resource_type"] in ("model", "seed") and layer in node["tags"]]
    parts = [*built, *(nodes[test] for test in tests_of_layer(manifest, layer))]
    own = manifest["metadata"]["project_name"]
    parts += [macros[name] for name in _macros_used(macros, parts) if macros[name]["package_name"] == own]
    names = [part["original_file_path"] for part in parts]
    names += [path.partition("://")[2] for part in parts if (path := part.get("patch_path"))]
    return frozenset(_PROJECT / name for name in (*names, "dbt_project.yml", "profiles.yml"))


def reference_tables_by_layer(manifest: Manifest) -> dict[str, str]:
    """Reference table -> the first layer with a model that reads it; without those that no model reads."""
    first: dict[str, str] = {}
    nodes = manifest["nodes"]
    for layer in LAYERS:
        models = [node for node in nodes.values() if node["resource_type"] == "model" and layer in node["tags"]]
        for seed in (name for node in models for name in node["depends_on"]["nodes"] if name.startswith("seed.")):
            first.setdefault(nodes[seed]["name"], layer)
    return first


def _last_layer(nodes: Manifest, parents: list[str]) -> str:
    layers = [layer for parent in parents if parent in nodes for layer in nodes[parent]["tags"] if layer in LAYERS]
    return max(layers, key=LAYERS.index, default="")


def _macros_used(macros: Manifest, parts: list[Mapping[str, Any]]) -> set[str]:
    waiting = [name for part in parts for name in part["depends_on"].get("macros", ())]
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += macros[name]["depends_on"]["macros"]
    return used
