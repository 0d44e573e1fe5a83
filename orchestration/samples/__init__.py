"""An inspection sample drawn from a caseload list, by hand.

Belongs here: reading the list, writing the sample, its reserves and the account of the draw. Not here: the draw
itself (`orchestration/methods/sampling`), and any part of a run.
"""
