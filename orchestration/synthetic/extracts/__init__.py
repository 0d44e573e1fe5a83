"""The extracts of a calibrated profile.

Belongs here: each case's rows in every source, which of them will match and why, and the deliveries they arrive in.
Not here: attributes and outcomes (they are the profile's), and people (`synthetic/identities`).
"""
