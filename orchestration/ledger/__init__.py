"""What was done, from what, by which run.

Belongs here: the stages and the results tables each makes, what a stage reads from outside, and the record of what
was done. Not here: doing a stage (`orchestration/defs`), and hashing (`orchestration/storage`).
"""
