-- A case has a match exactly where its status says so.
with

matched as (
    select
        'terminations' as source,
        case_id,
        rule_rank
    from {{ ref('termination_matches') }}
    union all
    select
        'reoffending',
        case_id,
        rule_rank
    from {{ ref('reoffending_matches') }}
),

said_matched as (
    select
        'terminations' as source,
        case_id,
        rule_rank
    from {{ ref('termination_outcomes') }}
    where status = 'matched'
    union all
    select
        'reoffending',
        case_id,
        rule_rank
    from {{ ref('reoffending_outcomes') }}
    where status = 'matched'
)

(select * from matched
except all
select * from said_matched)
union all
(select * from said_matched
except all
select * from matched)
