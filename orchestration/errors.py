"""The one exception that reaches a user.

Belongs here: errors a user can act on. Not here: programming errors, which keep their own types.
"""


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
