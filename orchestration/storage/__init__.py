"""Where things are kept.

Belongs here: the warehouse, the ad hoc database, the case key, locks and hashes. Not here: what the tables mean, and
when a stage is due (`orchestration/ledger`).
"""
