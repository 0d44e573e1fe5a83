-- The last step of every eligible case explains its status, and no step follows the one that ended the search.
with

steps as (
    select
        *,
        row_number() over (partition by case_key, source order by step desc) as from_last
    from {{ ref('linkage_steps') }}
)

select case_key
from steps
where
    (from_last > 1 and step_outcome in ('decides', 'ambiguous'))
    or (from_last = 1 and status = 'matched' and step_outcome <> 'decides')
    or (from_last = 1 and status = 'ambiguous' and step_outcome <> 'ambiguous')
    or (from_last = 1 and status in ('no_person', 'no_record_in_window') and persons_in_window > 0)
