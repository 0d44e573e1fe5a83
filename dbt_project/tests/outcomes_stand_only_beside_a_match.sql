-- Eligibility, match and outcome of a case tell one story.
select case_key
from {{ ref('cases') }}
where
    (coalesce(case_type = 'community', false)) <> (termination_matched is not null)
    or coalesce(termination_matched, false) <> (termination_outcome is not null)
    or coalesce(termination_matched, false) <> (termination_reason is not null)
    or reoffending_matched <> (reoffended is not null)
    or reoffending_matched <> (reoffences is not null)
    or (days_to_first_reoffence is not null and coalesce(reoffended, 0) = 0)
