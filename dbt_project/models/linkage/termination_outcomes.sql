{{ outcomes_of_source('terminations') }}
