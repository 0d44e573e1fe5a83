"""Commands that copy a data folder out and in again.

Belongs here: arguments in, printed answer out. Not here: the copy (`storage/backups.py`).
"""

from pathlib import Path

import click

from orchestration.commands.context import pass_settings
from orchestration.settings import Settings


@click.command()
@click.option("--to", type=click.Path(path_type=Path), required=True, help="A new folder, outside the data folder.")
@click.option("--key", type=click.Path(path_type=Path), help="A new file for the key, kept apart from the folder.")
@pass_settings
def backup(settings: Settings, to: Path, key: Path | None) -> None:
    """Copy the data folder into a new folder, without the key."""
    from orchestration.storage.backups import back_up

    contents = back_up(settings, to, key)
    click.echo(f"RESTRICTED: rows of people. {len(contents.files)} files copied to {to}, and checked.")
    if contents.key and key:
        click.echo(f"The key: {key}. Keep it apart.")
    elif contents.key:
        click.echo("The key is not among them: KEY=... names a file for it.")


@click.command()
@click.option("--from", "backup", type=click.Path(path_type=Path), required=True, help="What make backup has made.")
@click.option("--key", type=click.Path(path_type=Path), help="The file with the key.")
@pass_settings
def restore(settings: Settings, backup: Path, key: Path | None) -> None:
    """Copy a backup into the data folder, which must be empty."""
    from orchestration.storage.backups import restore as restore_backup

    contents = restore_backup(settings, backup, key)
    click.echo(f"{len(contents.files)} files of {contents.made_at:%d %B %Y at %H:%M} UTC restored, and checked.")
    click.echo("Schedule and sensor have to be switched on again.")
    if contents.key and not settings.key_file.exists():
        click.echo(f"THE KEY IS MISSING: put it back ({settings.key_file}, mode 0600) before the next run.", err=True)
