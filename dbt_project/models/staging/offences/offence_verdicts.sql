{{ config(materialized='view') }}

with

-- 2023/04, Annex A (iii), clause by clause: the first that an offence fails is the reason why it does not count.
final as (
    select
        *,
        case
            when is_index_offence then 'index_offence'
            when not is_after_index and days_to_proof >= 0 then 'pseudo_reconviction'
            when not is_after_index then 'before_index'
            when not is_before_the_end then 'after_followup'
            when not is_proven and is_overturned then 'overturned'
            when not is_proven then 'not_proven'
            when not is_proven_in_time then 'proven_too_late'
            when not is_in_england_and_wales then 'outside_england_and_wales'
            when not counts_as_reoffence then 'not_a_reoffence'
            else 'counted'
        end as verdict
    from {{ ref('offences_of_index_events') }}
)

select * from final
