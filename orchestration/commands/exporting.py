"""The command that writes the cases as files of other programs.

Belongs here: arguments in, printed answer out. Not here: the files (`analysis_files/`).
"""

from pathlib import Path

import click

from orchestration.commands.context import pass_settings
from orchestration.settings import Settings


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")
@pass_settings
def export(settings: Settings, out: Path) -> None:
    """The cases for SPSS, R and others: labelled file, codebook, and a script that refits the models."""
    from orchestration.analysis_files.writing import export as write_export

    names = write_export(settings, out)
    click.echo(f"RESTRICTED: rows of people. Written to {out}: {', '.join(names)}")
