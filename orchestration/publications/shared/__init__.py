"""What the contents of every publication are made of.

Belongs here: published tables, small cells, CSV, numbers as the bulletins print them, tables that several
publications have. Not here: how a page or a workbook is written (`pages`, `workbooks`), and anything that only one
publication says.
"""
