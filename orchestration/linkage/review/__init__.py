"""Clerical review of the links: a blind sample out, the filled spreadsheet in.

Belongs here: whatever handles a reviewer's identifiers; it stays under `review/` of the data folder (0700, files
0600). Not here: the statistics (`orchestration/methods/linkage/accuracy`), and what a run does with a review
(`orchestration/defs/assets`).
"""
