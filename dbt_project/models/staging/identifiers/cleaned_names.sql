-- Each column by itself first: in a file it is a dictionary already, and its distinct names cost little.
{{ cleaned_names(
    "select distinct surname as name_received from " ~ source('raw', 'parsed_inspections')
    ~ " union select distinct forenames from " ~ source('raw', 'parsed_inspections')
    ~ " union select distinct surname from " ~ source('raw', 'parsed_terminations')
    ~ " union select distinct forenames from " ~ source('raw', 'parsed_terminations')
    ~ " union select distinct surname from " ~ source('raw', 'parsed_reoffending')
    ~ " union select distinct forenames from " ~ source('raw', 'parsed_reoffending')
) }}
