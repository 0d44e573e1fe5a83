"""The one exception that reaches a user, and the question that a mistyped name is answered with.

Belongs here: errors a user can act on. Not here: programming errors, which keep their own types.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class PipelineError(Exception):
    """A problem the user can solve: what is wrong, where, and what to do.

    `problem` and `remedy` are plain sentences that never hold a value of an extract (personal data stops
    at linkage, and messages end in logs). `where` names the file, line or column, if any.
    """

    def __init__(self, problem: str, remedy: str, where: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        self.where = where
        super().__init__("\n".join(part for part in (where, problem, remedy) if part))

    def __reduce__(self) -> tuple[type["PipelineError"], tuple[str, str, str]]:
        """As it is sent from one process to another."""
        return type(self), (self.problem, self.remedy, self.where)


def did_you_mean(name: str, names: Iterable[str], prefix: str = "") -> str:
    """A question to put behind a problem, " Did you mean annex_b?", or nothing where no name is near.

    `prefix`: stands before all of the names, so that it says nothing of which is near.
    """
    nearest = get_close_matches(name, list(names), n=1)
    return f" Did you mean {prefix}{nearest[0]}?" if nearest else ""
