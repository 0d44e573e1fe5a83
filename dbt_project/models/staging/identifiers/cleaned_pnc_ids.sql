-- The usual form is read in the row (staged_identifiers).
{{ cleaned_pnc_ids(
    "select pnc_id as pnc_received from " ~ unusual_pnc_ids(source('raw', 'parsed_inspections'))
    ~ " union select pnc_id from " ~ unusual_pnc_ids(source('raw', 'parsed_terminations'))
    ~ " union select pnc_id from " ~ unusual_pnc_ids(source('raw', 'parsed_reoffending'))
) }}
