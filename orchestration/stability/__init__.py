"""How stable the stepwise selections are, asked for by hand.

Belongs here: thousands of selections spread over processes, kept in chunks and picked up where a killed run left off.
Not here: the resampling and the selection themselves (`orchestration/methods`).
"""
