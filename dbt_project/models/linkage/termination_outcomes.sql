{{ linked_case_by_case('terminations') }}

{{ outcomes_of_source('terminations') }}
