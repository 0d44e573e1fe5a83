"""From landing folders to frames: headers, deliveries, parsing, rejected rows.

Belongs here: everything between a file as received and typed rows under the contract's names. Not here: rules between
columns or sources (`expectations`), and any write to the warehouse (`orchestration/defs/assets`).
"""
