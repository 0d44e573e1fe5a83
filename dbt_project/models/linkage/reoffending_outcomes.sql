{{ outcomes_of_source('reoffending') }}
