"""The commands on deliveries: how a file would be read, and which files the deliveries are.

Belongs here: arguments in, printed answer out. Not here: reading (`ingest/`). What is printed here is for the analyst
at the terminal alone: names of files and headers go no further.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.commands.context import pass_settings
from orchestration.settings import ALL_SOURCES, CODES_DIR, Settings
from orchestration.storage.safe_text import printable

if TYPE_CHECKING:
    import pandas as pd


@click.command("contract-check")
@click.option(
    "--file", "path", type=click.Path(path_type=Path), required=True, help="The file as it would be delivered."
)
@click.option("--source", type=click.Choice(ALL_SOURCES), help="What it is (default: by its columns).")
@pass_settings
def contract_check(settings: Settings, *, path: Path, source: str | None) -> None:
    """How a file would be read, before it is delivered; drafts rows for accepted_headers.csv."""
    from orchestration.ingest.contract_check import check_file, draft_path
    from orchestration.storage.files import make_private_folder, write_private_file

    found = check_file(path, source, CODES_DIR, settings.intake)
    click.echo(f"{printable(path.name)}: {found.n_rows:,} rows, read as {found.source}")
    for row in found.columns.to_dict("records"):
        click.echo(_column_line(row))
    for row in found.findings.to_dict("records"):
        click.echo(f"  ! {row['kind']}: {', '.join(row[part] for part in ('column', 'detail', 'lines') if row[part])}")
    if found.missing:
        click.echo(f"Needed and not found: {', '.join(found.missing)}")
    if found.unknown:
        target = draft_path(settings.data_dir)
        make_private_folder(target.parent, target.parent)
        write_private_file(target, found.draft.encode())
        click.echo(f"Not read ({len(found.unknown)}), each with the column that it may be:")
        for name, guess in found.unknown.items():
            click.echo(f"  {printable(name)}: {guess or 'none is near'}")
        click.echo(f"A draft of their rows is in {target}: correct its column `column`, delete what is to stay unread,")
        click.echo("and add the rows to dbt_project/seeds/codes/accepted_headers.csv.")
    elif not found.missing:
        click.echo("Every needed column is there. `make ingest` judges the rows when it is delivered.")


def _column_line(row: dict[Hashable, Any]) -> str:
    if not isinstance(row["header"], str):
        return (
            f"  {'?' if row['needed'] else '-'} {row['column']}: not in the file{' (needed)' if row['needed'] else ''}"
        )
    told = f"  = {row['column']} <- {printable(row['header'])}: {row['kind']}, {row['filled']:.0%} filled"
    if row["unreadable"]:
        told += f", {row['unreadable']:.1%} unreadable ({row['problem']}; lines {row['first_lines']})"
    return told


@click.command("deliveries")
@pass_settings
def deliveries(settings: Settings) -> None:
    """Which file each delivery is, its rows, and what is missing most."""
    from orchestration.ingest.deliveries import order_deliveries
    from orchestration.ingest.first_seen import read_first_seen
    from orchestration.ingest.landed_files import landing_files, place_of, read_file

    in_warehouse, profile = _kept(settings, "raw.deliveries"), _kept(settings, "quality.delivery_profile")
    for source in ALL_SOURCES:
        paths = landing_files(settings.landing_dir / source)
        files = [read_file(source, path, settings.intake, place_of(path, paths)) for path in paths]
        if not files:
            continue
        kept = read_first_seen(settings.first_seen_file, source)
        known = in_warehouse if kept is None else kept
        for row in order_deliveries(files, known).to_dict("records"):
            again = " (the same content as an earlier one)" if isinstance(row["duplicate_of"], str) else ""
            click.echo(f"{source}, {row['delivery']}: {printable(row['file'])}{again}")
            for told in _profile_lines(profile, source, row["file_sha256"]):
                click.echo(f"    {told}")


def _kept(settings: Settings, table: str) -> pd.DataFrame | None:
    """A table of the restricted warehouse; None where there is none yet."""
    from orchestration.storage.warehouse import has_table, open_warehouse, read_table

    if not settings.warehouse.exists():
        return None
    with open_warehouse(settings.warehouse, settings.limits, read_only=True) as connection:
        return read_table(connection, table) if has_table(connection, table) else None


def _profile_lines(profile: pd.DataFrame | None, source: str, sha256: str) -> list[str]:
    """What the last run kept of a delivery: rows, and the columns that are not full."""
    if profile is None:
        return []
    own = profile[(profile["source"] == source) & (profile["content"] == sha256[:8])]
    if own.empty:
        return ["not read yet"]
    gaps = own[(own["missing"] > 0)].sort_values("missing", ascending=False).head(5)
    shares = (gaps["missing"] / gaps["rows"].clip(lower=1)).tolist()
    listed = ", ".join(f"{name} {share:.0%}" for name, share in zip(gaps["column"], shares, strict=True))
    return [f"{int(own['rows'].iloc[0]):,} rows" + (f"; most missing: {listed}" if listed else "")]
