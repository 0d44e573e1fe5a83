"""The link that opens the UI: made anew at every start, and kept for its owner alone.

Belongs here: the token and the file with the link. Not here: what the token opens (`door.py`).
"""

import secrets
from pathlib import Path

from orchestration.service.door import ENTRANCE
from orchestration.settings import Settings
from orchestration.storage import files


def new_token() -> str:
    """A secret that nobody can guess."""
    return secrets.token_urlsafe(32)


def link_file(settings: Settings) -> Path:
    """Where the link is kept while the UI runs."""
    return settings.run_dir / "ui_link"


def keep_link(settings: Settings, address: str, token: str) -> str:
    """Write the link for its owner alone (0600); returns it. Raises OSError."""
    link = f"{address}{ENTRANCE}?token={token}"
    files.write_private_file(link_file(settings), f"{link}\n".encode())
    return link
