"""The release and the ad hoc database, as assets.

Both large writes happen before either is put in place, so a full disk changes nothing; then the release and
`latest` move, then the ad hoc database.

Belongs here: collecting what a release is made from. Not here: what it looks like (`publications/`).
"""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import duckdb
import pandas as pd

from orchestration import VERSION
from orchestration.defs.resources import Pipeline, readable_failure
from orchestration.defs.stage_runs import OWNERS, asset_spec, stage_run
from orchestration.ledger.current import code_fingerprint
from orchestration.ledger.records import input_fingerprint, parameters_fingerprint, recorded_inputs, recorded_stages
from orchestration.ledger.stages import STAGES
from orchestration.releases.labelled_views import VIEWS
from orchestration.releases.parts import PARTS, read_publishable
from orchestration.releases.row_counts import row_counts
from orchestration.settings import ALL_SOURCES, CODES_DIR, OPTIONAL_SOURCES, Settings
from orchestration.storage import analysis_database, fingerprints, progress
from orchestration.storage.warehouse import read_table

if TYPE_CHECKING:
    from orchestration.publications.shared.release_facts import ReleaseFacts

# Reoffending by engagement, and by desistance: the two findings the page opens with.
FIGURES_SHOWN = ("figure_6", "figure_11", "figure_2020_2", "figure_2020_9")
RESULT_TABLES = list(dict.fromkeys(name for part in PARTS for name in part.published_tables))


RELEASE_SPEC = asset_spec(
    "release",
    ["published", "release"],
    kinds=("python", "html", "excel"),
    deps=[
        *(["results", name] for name in RESULT_TABLES),
        *(["raw", f"parsed_{source}"] for source in OPTIONAL_SOURCES),  # one that is refused stops the release
    ],
    description="An immutable release folder: page, workbook, figures, CSV tables, database, manifest.",
)


@dg.multi_asset(specs=[RELEASE_SPEC], name="published__release")
def bulletin_release(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult:
    """An immutable release folder: page, workbook, figures, CSV tables, database, manifest. `latest` points at it."""
    from orchestration.releases.building import build_release
    from orchestration.releases.publishing import latest_release, publications_of, publish, release_fingerprint

    settings, published = pipeline.settings, pipeline.settings.published_dir
    with readable_failure():
        previous = latest = latest_release(published)
        before = publications_of(latest) if latest else frozenset()
        with pipeline.warehouse() as connection:  # also where nothing is new: what is current may be of older extracts
            publishable = read_publishable(connection, settings, before)
    with stage_run(context, pipeline, "release", publishable.made_from) as run:
        withdrawn = withdrawn_with(published, run.fingerprint)
        run.is_done = bool(withdrawn) or (latest is not None and release_fingerprint(latest) == run.fingerprint)
        if not run.is_done:
            with pipeline.warehouse() as connection:
                facts = release_facts(connection, settings, run.fingerprint)
            tables = publishable.tables | {
                "gate_results": publishable.gates,
                "report_months": pd.read_csv(CODES_DIR / "report_months.csv"),
            }
            analysis_database.prepare(settings, VIEWS)
            try:
                latest = publish(
                    published, facts.release, lambda folder: build_release(folder, tables, facts, previous)
                )
            except BaseException:
                analysis_database.discard(settings)
                raise
    context.instance.add_run_tags(context.run.run_id, run_tags(settings, latest))
    metadata: dict[str, Any] = {"unchanged": run.is_done}
    if withdrawn:
        metadata["withdrawn"] = f"This content was published as {withdrawn} and withdrawn; it is not published again."
        context.log.warning(metadata["withdrawn"])
    facts_of_latest = _release_metadata(latest) if latest else {}
    return dg.MaterializeResult(metadata=metadata | facts_of_latest, data_version=run.data_version)


@dg.asset(
    key="analysis_database",
    # every table it copies, so that it comes last in the job of any one stage too
    deps=[
        ["published", "release"],
        ["marts", "cases"],
        ["marts", "linkage_steps"],
        *(["raw", f"parsed_{source}"] for source in ALL_SOURCES),
        *(["results", name] for name in RESULT_TABLES),
    ],
    group_name="publication",
    kinds={"duckdb"},
    owners=OWNERS,
)
def ad_hoc_database(context: dg.AssetExecutionContext, pipeline: Pipeline) -> dg.MaterializeResult:
    """analysis.duckdb: marts, results and quality for ad hoc SQL, without identifiers; replaced atomically."""
    progress.say("writing the ad hoc database")
    with readable_failure():
        analysis_database.prepare(pipeline.settings, VIEWS)
        analysis_database.swap(pipeline.settings)
    return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(pipeline.settings.analysis_database)})


def withdrawn_with(published: Path, fingerprint: str) -> str | None:
    """The name of a withdrawn release that was made from the very same things, if there is one."""
    from orchestration.releases.publishing import read_withdrawn, release_fingerprint

    names = [name for name in read_withdrawn(published) if (published / name / "manifest.json").exists()]
    return next((name for name in names if release_fingerprint(published / name) == fingerprint), None)


def run_tags(settings: Settings, latest: Path | None) -> dict[str, str]:
    """What the UI's list of runs shows of one that came to a release, to be searched by."""
    window = str(settings.parameters.match_window_days)
    return {"release": latest.name if latest else "none", "window": window, "code": project_version(settings)}


def project_version(settings: Settings) -> str:
    """Project version and a hash of the code of every stage."""
    code = fingerprints.of([code_fingerprint(stage, settings) for stage in STAGES])
    return f"{VERSION}+{code[:12]}"


def release_facts(connection: duckdb.DuckDBPyConnection, settings: Settings, fingerprint: str) -> "ReleaseFacts":
    """What the manifest says of a release made from what the warehouse holds now."""
    from orchestration.publications.shared.release_facts import ReleaseFacts

    parameters, inputs, now = settings.parameters, input_fingerprint(connection), datetime.now(UTC)
    deliveries = read_table(connection, "raw.deliveries").sort_values(["source", "delivery_order"])
    # names of files stay in the warehouse: somebody typed them
    deliveries = deliveries.rename(columns={"delivery": "name", "file_sha256": "sha256"})
    return ReleaseFacts(
        release=f"{now:%Y%m%dT%H%M%SZ}-{inputs[:8]}",
        created_at=now,
        is_synthetic=bool(deliveries["is_synthetic"].any()),
        inputs=_records(deliveries[["source", "name", "sha256", "rows", "delivery_order"]]),
        code_version=project_version(settings),
        packages=fingerprints.package_versions(),
        parameters=parameters.model_dump(),
        contact=settings.imprint.contact,
        row_counts=row_counts(connection),
        fingerprints={
            "input": inputs,
            "parameters": parameters_fingerprint(parameters),
            "release": fingerprint,
            **recorded_stages(connection),
        },
        beside={
            stage: files
            for stage, files in recorded_inputs(connection).items()
            if stage in STAGES and STAGES[stage].is_recorded and files
        },
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _picture(path: Path) -> dg.MarkdownMetadataValue:
    """A figure of the release as the UI can show it, with its file name as text alternative."""
    return dg.MetadataValue.md(f"![{path.stem}](data:image/png;base64,{b64encode(path.read_bytes()).decode()})")


def _figures_shown(release: Path) -> list[Path]:
    paths = [release / "figures" / f"{name}.png" for name in FIGURES_SHOWN]
    return [path for path in paths if path.exists()]


def _release_metadata(release: Path) -> dict[str, Any]:
    from orchestration.releases.registry import pages_and_workbooks

    headlines = pd.read_csv(release / "csv" / "headlines.csv")
    return {
        "release": release.name,
        **{path.name: dg.MetadataValue.path(path) for path in pages_and_workbooks(release)},
        "headlines": dg.MetadataValue.md(headlines.to_markdown(index=False, floatfmt=".4g")),
        **{path.stem: _picture(path) for path in _figures_shown(release)},
    }
