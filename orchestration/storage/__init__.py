"""What the machine lends: files, locks and hashes, processes, the case key, the warehouse and the ad hoc copy of it.

Belongs here: writing safely, one writer at a time, and work on all cores. Not here: what is written or done, and when.
"""
