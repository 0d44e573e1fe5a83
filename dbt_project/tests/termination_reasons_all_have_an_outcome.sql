-- Every reason in the extract stands in the table of reasons, matched to a case or not.
select termination_reason
from {{ ref('staged_terminations') }}
where termination_reason not in (select termination_reason from {{ ref('termination_reasons') }})
