"""Truth by simulation, asked for by hand.

Belongs here: many populations spread over processes, kept as they are finished and picked up where a run left off. Not
here: populations and what is made of them (`orchestration/methods/simulation`).
"""
