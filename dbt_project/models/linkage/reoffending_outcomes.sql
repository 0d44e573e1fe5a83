{{ linked_case_by_case('reoffending') }}

{{ outcomes_of_source('reoffending') }}
