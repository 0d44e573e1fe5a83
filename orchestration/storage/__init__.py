"""What lies on the disk: files, locks and hashes, the case key, the warehouse and the ad hoc copy of it.

Belongs here: writing safely, and one writer at a time. Not here: what is written, and when.
"""
