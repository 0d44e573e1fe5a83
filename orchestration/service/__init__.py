"""Dagster as a service: its web server behind a door, its daemon and code server, all of which end with it.

Belongs here: who may come in, and which processes there are. Not here: what Dagster loads (`defs/`), and the command
that starts it (`commands/service.py`).
"""
