"""Why one case is linked as it is, or is not.

Belongs here: reading what the linkage kept of the case, and putting it into words. Not here: deciding again; the
words follow what the linkage decided.
"""
