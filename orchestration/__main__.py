"""The program: `probation-outcomes <command>` or `python -m orchestration <command>`; make names the commands.

Belongs here: calling the command and telling how it ended. Not here: the commands (`commands/`).
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from orchestration.errors import PipelineError
from orchestration.storage.safe_text import printable
from orchestration.storage.shell import leave_the_shell_behind
from orchestration.storage.stopping import answer_signals, end_quietly

STOPPED = "Stopped. Nothing has to be repaired: what was finished is kept, and the next run picks up from here."


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors a user can act on are printed without a traceback and end with code 1."""
    from orchestration.commands.parser import probation_outcomes  # takes a while, and a signal is answered meanwhile

    with_traceback = False
    try:
        given = sys.argv[1:] if arguments is None else arguments
        with probation_outcomes.make_context(_program_name(), list(given)) as context:
            with_traceback = context.params["traceback"]
            exit_code = probation_outcomes.invoke(context) or 0
        sys.stdout.flush()
        return exit_code
    except click.exceptions.Exit as ended:  # the help was asked for
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return 130
    except BrokenPipeError:
        # the reader had enough, as `| head` has: let what is still in the buffer go nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (PipelineError, OSError) as error:
        if with_traceback:
            raise
        print("\n" + printable(_told(error), keep="\n\t"), file=sys.stderr)
        return 1


def run() -> NoReturn:
    """Run the command that the program was started with, and end the process; on Ctrl+C or SIGTERM at once."""
    leave_the_shell_behind()
    answer_signals(STOPPED)
    end_quietly(main())


def _program_name() -> str:
    """The program as it was called, for the help."""
    name = Path(sys.argv[0]).name
    return "python -m orchestration" if name == "__main__.py" else name


def _told(error: PipelineError | OSError) -> str:
    if isinstance(error, PipelineError):
        return str(error)
    place = f"{error.filename}\n" if error.filename else ""
    return f"{place}{error.strerror or type(error).__name__}.\nMake room or correct the permissions."


if __name__ == "__main__":
    run()
