"""The questions of docs/ten-questions.md, asked of a finished run."""

import re

import pytest

from orchestration.commands.sql_prompt import run_prompt
from orchestration.settings import PROJECT_DIR

PAGE = (PROJECT_DIR / "docs" / "ten-questions.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"## \d+\. (.+?)\n.*?```sql\n(.+?)```\n```\n(.+?)```", PAGE, re.DOTALL)


def test_there_are_ten():
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize(("query", "answer"), [(q, a) for _, q, a in QUESTIONS], ids=[q for q, *_ in QUESTIONS])
def test_a_question_has_the_answer_that_the_page_shows(finished_run, capsys, query, answer):
    assert run_prompt(finished_run.analysis_database, query) == 0
    printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())
    assert printed.strip() == answer.strip()
