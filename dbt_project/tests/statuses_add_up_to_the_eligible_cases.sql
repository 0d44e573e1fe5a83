-- Every eligible case ends in exactly one status: terminations, community cases; reoffending, every case.
with

eligible as (
    select
        count(*) filter (where case_type = 'community') as n_terminations,
        count(*) as n_reoffending
    from {{ ref('staged_inspections') }}
),

terminations as (
    select
        count(*) as n_cases,
        count(distinct case_id) as n_distinct
    from {{ ref('termination_outcomes') }}
    where status in ('matched', 'no_person', 'no_record_in_window', 'ambiguous')
),

reoffending as (
    select
        count(*) as n_cases,
        count(distinct case_id) as n_distinct
    from {{ ref('reoffending_outcomes') }}
    where status in ('matched', 'no_person', 'no_record_in_window', 'ambiguous')
)

select 'the statuses do not add up' as problem
from eligible
cross join terminations
cross join reoffending
where
    eligible.n_terminations <> terminations.n_cases
    or terminations.n_cases <> terminations.n_distinct
    or eligible.n_reoffending <> reoffending.n_cases
    or reoffending.n_cases <> reoffending.n_distinct
