"""The statistics of the bulletins: frames in, frames out (README.md: from clause to function to test).

Belongs here: counts, models, tests and tables, as the bulletins' annexes describe them. Not here: the database, the
orchestration, the page; no module here imports another room but the tables' declarations.
"""
