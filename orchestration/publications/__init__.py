"""What the reader sees: tables, figures, workbooks and pages.

Belongs here: results tables in, texts and pictures out, a room for each publication. Not here: estimates and counts
(`orchestration/methods`), files and folders of a release (`orchestration/releases`), the warehouse.
"""
