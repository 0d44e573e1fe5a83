"""The command line: every command there is, in the order in which its help lists them.

Belongs here: collecting the commands. Not here: their arguments and what they do, which stand together in the
module of each theme. Importing this costs nothing: what is slow to import is imported by the command that uses it.
"""

import click

from orchestration.commands.backing_up import backup, restore
from orchestration.commands.bulletins import bulletin, ingest, link, models, publish, study
from orchestration.commands.cleaning import clean
from orchestration.commands.cluster import cluster, cluster_stop
from orchestration.commands.deliveries import contract_check, deliveries
from orchestration.commands.exporting import export
from orchestration.commands.pruning import prune
from orchestration.commands.releases import approve, backtest, compare, open_release, release, warnings, withdraw
from orchestration.commands.samples import sample
from orchestration.commands.service import clear_dead_runs, ui
from orchestration.commands.sql_prompt import sql
from orchestration.commands.status import status
from orchestration.commands.studies import (
    explain,
    linkage_quality,
    review_import,
    review_sample,
    second_opinion,
    simulation,
    stability,
)

COMMANDS = (
    bulletin,
    *(ingest, link, models, study, publish),
    *(contract_check, deliveries),
    *(ui, sql, status),
    *(open_release, backtest, warnings, compare, withdraw),
    *(release, approve),
    *(explain, linkage_quality, review_sample, review_import, second_opinion, stability, simulation),
    *(sample, export),
    *(cluster, cluster_stop),
    *(backup, restore),
    *(clear_dead_runs, prune, clean),
)


class _InOrder(click.Group):
    """Lists its commands as they were added, not by name, and each with its whole first sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(200)) for name, command in self.commands.items()])


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--traceback", is_flag=True, help="Show the program's traceback with an error.")
def probation_outcomes(traceback: bool) -> None:
    """Link inspection cases to what came after, and publish the bulletins.

    Settings are read from environment variables PROBATION_...; `make` lists the same commands with examples.
    """


for command in COMMANDS:
    probation_outcomes.add_command(command)
