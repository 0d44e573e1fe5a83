"""The command line: `python -m orchestration <command>`; the Makefile names the commands for daily use."""

import argparse
import atexit
import os
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

from orchestration.commands.studies import STUDY_COMMANDS, add_arguments
from orchestration.defs.job_names import BULLETIN_JOB, STEP_GROUPS
from orchestration.errors import PipelineError
from orchestration.settings import Settings, read_settings

Command = Callable[[Settings, argparse.Namespace], int]

UI_HOST = "127.0.0.1"
UI_PORT = 3000


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors a user can act on are printed without a traceback and end with code 1."""
    options = _parser().parse_args(arguments)
    try:
        return COMMANDS[options.command](read_settings(), options)
    except PipelineError as error:
        if options.traceback:
            raise
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing was published; the next run picks up from here.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # the reader had enough, as `| head` has: let what is still in the buffer go nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if options.traceback:
            raise
        place = f"{error.filename}\n" if error.filename else ""
        print(
            f"\n{place}{error.strerror or type(error).__name__}.\nMake room or correct the permissions.",
            file=sys.stderr,
        )
        return 1


def _bulletin(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.commands.running import generate_when_nothing_was_delivered, run_job
    from orchestration.commands.summary import print_summary
    from orchestration.releases.freshness import is_up_to_date

    generate_when_nothing_was_delivered(settings)
    if is_up_to_date(settings):
        print("Extracts, code and parameters are unchanged: nothing was done again.", file=sys.stderr)
    else:
        run_job(settings, BULLETIN_JOB, options.traceback)
    print_summary(settings)
    return 0


def _stage(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.commands.running import run_job

    run_job(settings, options.command, options.traceback)
    return 0


def _sql(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.commands.sql_prompt import run_prompt

    return run_prompt(settings.analysis_database, options.query)


def _backtest(settings: Settings, _options: argparse.Namespace) -> int:
    from orchestration.commands.summary import print_backtest

    return print_backtest(settings)


def _warnings(settings: Settings, _options: argparse.Namespace) -> int:
    from orchestration.commands.summary import print_warnings

    print_warnings(settings)
    return 0


def _compare(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.releases.comparing import compare_releases, render_comparison

    folders = [settings.published_dir / name for name in (options.a, options.b)]
    print(render_comparison(compare_releases(*folders)))
    return 0


def _withdraw(settings: Settings, options: argparse.Namespace) -> int:
    from orchestration.releases.publishing import withdraw

    latest = withdraw(settings.published_dir, options.release, options.reason)
    print(f"Withdrawn. The latest release is now {latest.name if latest else 'none'}.")
    return 0


def _ui(settings: Settings, _options: argparse.Namespace) -> int:
    import dagster as dg

    from orchestration.defs.dead_runs import clear_dead_runs
    from orchestration.defs.instance import WORKSPACE, prepare_home

    _require_free_port()
    print(f"Starting Dagster on http://{UI_HOST}:{UI_PORT} (takes about 15 seconds; Ctrl+C stops it) ...", flush=True)
    prepare_home(settings)
    with dg.DagsterInstance.get() as instance:
        clear_dead_runs(instance, settings.run_dir, grace_seconds=0)
    os.environ["PROBATION_DATA_DIR"] = str(settings.data_dir)
    program = os.path.join(os.path.dirname(sys.executable), "dagster")
    os.execv(program, [program, "dev", "--host", UI_HOST, "--port", str(UI_PORT), "--workspace", str(WORKSPACE)])


def _require_free_port() -> None:
    """A second daemon on one Dagster home would disturb the first, and run on after its web server has failed."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((UI_HOST, UI_PORT))
        except OSError as error:
            raise PipelineError(
                f"Port {UI_PORT} is in use.",
                f"If make ui runs already, open http://{UI_HOST}:{UI_PORT}; else stop the program that holds the port.",
            ) from error


def _clear_dead_runs(settings: Settings, _options: argparse.Namespace) -> int:
    import dagster as dg

    from orchestration.defs.dead_runs import clear_dead_runs
    from orchestration.defs.instance import prepare_home

    prepare_home(settings)
    with dg.DagsterInstance.get() as instance:
        cleared = clear_dead_runs(instance, settings.run_dir, grace_seconds=0)
    print(f"{len(cleared)} dead runs cleared." if cleared else "No dead run, or a run is alive: nothing cleared.")
    return 0


def _clean(settings: Settings, _options: argparse.Namespace) -> int:
    from orchestration.commands.cleaning import clean

    print(clean(settings))
    return 0


COMMANDS: dict[str, Command] = {
    "bulletin": _bulletin,
    **{stage: _stage for stage in STEP_GROUPS},
    **STUDY_COMMANDS,
    "sql": _sql,
    "backtest": _backtest,
    "warnings": _warnings,
    "compare": _compare,
    "withdraw": _withdraw,
    "ui": _ui,
    "clear-dead-runs": _clear_dead_runs,
    "clean": _clean,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m orchestration", description=__doc__)
    parser.add_argument("--traceback", action="store_true", help="show the program's traceback with an error")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        command = commands.add_parser(name)
        if name == "sql":
            command.add_argument("query", nargs="?", help="one statement; without it, a prompt")
        elif name == "compare":
            command.add_argument("a", help="a release, or 'latest'")
            command.add_argument("b", help="a release, or 'latest'")
        elif name == "withdraw":
            command.add_argument("release")
            command.add_argument("reason")
        elif name in STUDY_COMMANDS:
            add_arguments(name, command)
    return parser


def run() -> NoReturn:
    """Run the command that the program was started with, and end the process."""
    exit_code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # DuckDB's binding reports its own types as leaked, forty lines of it, when an interpreter that ran Dagster
    # shuts down in the ordinary way; every file and connection is closed by now.
    atexit._run_exitfuncs()
    os._exit(exit_code)


if __name__ == "__main__":
    run()
