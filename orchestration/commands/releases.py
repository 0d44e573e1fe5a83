"""Commands on what was published: judge it, compare two releases, withdraw one.

Belongs here: arguments in, printed answer out. Not here: the answers (`releases/`).
"""

import webbrowser
from contextlib import suppress

import click

from orchestration.commands.context import pass_settings
from orchestration.commands.live_line import showing_progress
from orchestration.errors import PipelineError
from orchestration.settings import Settings


@click.command()
@pass_settings
def backtest(settings: Settings) -> int:
    """Compare both annexes and the headlines with the published figures."""
    from orchestration.commands.summary import print_backtest

    return print_backtest(settings)


@click.command()
@pass_settings
def warnings(settings: Settings) -> None:
    """What the gates warned of when they last judged."""
    from orchestration.commands.summary import print_warnings

    print_warnings(settings)


@click.command()
@click.argument("a", default="")
@click.argument("b", default="")
@click.option("--detail", is_flag=True, help="List every cell that differs, not a line a table.")
@click.option("--table", default="", help="List every cell that differs in this one table, such as annex_b.")
@pass_settings
def compare(settings: Settings, a: str, b: str, detail: bool, table: str) -> None:
    """What differs between two releases.

    A and B are their names; 'latest' is one too.
    """
    from orchestration.releases.publishing import find_release, list_of_releases

    if not (a and b):
        raise PipelineError(
            problem="Two releases are compared: make compare A=... B=... ('latest' is a name too).",
            remedy=list_of_releases(settings.published_dir),
        )
    folders = find_release(settings.published_dir, a), find_release(settings.published_dir, b)
    from orchestration.releases.comparing import compare_releases, compared_tables
    from orchestration.releases.comparison_text import render_cells, render_summary

    with showing_progress():
        differences = compare_releases(*folders, table)
    click.echo(f"a: {folders[0].name}\nb: {folders[1].name}")
    if detail or table:
        click.echo(render_cells(differences))
    else:
        click.echo(render_summary(differences, len(compared_tables(*folders))))


@click.command()
@click.argument("name", default="latest")
@pass_settings
def release(settings: Settings, name: str) -> None:
    """Make what may go out of a published release: small groups kept back, and a report for the output checker."""
    from orchestration.releases.candidates import CELLS, RELEASE, REPORT, make_candidate

    with showing_progress():
        folder = make_candidate(settings, name)
    click.echo((folder / REPORT).read_text(encoding="utf-8").split("## Why cells")[0].rstrip())
    click.echo(f"\nThe candidate: {folder / RELEASE}\nFor the checker: {folder / REPORT} and {CELLS} beside it")
    click.echo(f'Her yes makes it public: make approve RELEASE={folder.name} BY="..." REASON="..."')


@click.command()
@click.argument("name", default="")
@click.argument("by", default="")
@click.argument("reason", default="")
@pass_settings
def approve(settings: Settings, name: str, by: str, reason: str) -> None:
    """Record the output checker's yes to a candidate, and make it public."""
    from orchestration.releases.candidates import approve as make_public

    click.echo(f"Public, and the latest: {make_public(settings, name, by, reason)}")


@click.command("open")
@click.argument("release", default="latest")
@click.option("--public", is_flag=True, help="One that is public, in place of one for those inside.")
@pass_settings
def open_release(settings: Settings, release: str, public: bool) -> None:
    """Show a release in the browser.

    RELEASE is its name; without one, the latest. Its place is printed where there is no browser.
    """
    from orchestration.releases.landing_page import INDEX
    from orchestration.releases.publishing import find_release

    page = find_release(settings.public_dir if public else settings.published_dir, release) / INDEX
    click.echo(str(page))
    with suppress(webbrowser.Error):  # there is none on a server: the place is told
        webbrowser.get().open(page.resolve().as_uri())


@click.command()
@click.argument("release", default="")
@click.argument("reason", default="")
@click.option("--public", is_flag=True, help="One that is public, in place of one for those inside.")
@pass_settings
def withdraw(settings: Settings, release: str, reason: str, public: bool) -> None:
    """Mark a release withdrawn.

    The release stays as it is; 'latest' moves back to the newest one that is not withdrawn.
    """
    from orchestration.releases import publishing

    folder = settings.public_dir if public else settings.published_dir
    latest = publishing.withdraw(folder, release, reason)
    if public:
        publishing.open_to_all(folder)
    click.echo(f"Withdrawn. The latest release is now {latest.name if latest else 'none'}.")
