{{ config(materialized='view') }}

with

received as (
    select * from {{ ref('staged_offences') }}
),

offence_codes as (
    select * from {{ ref('offence_codes') }}
),

disposals as (
    select * from {{ ref('disposals') }}
),

-- A code by itself comes before its class; a code or result that no table knows counts as the row `unknown` says. A row
-- without a reference is of the offence that has one and agrees with it in all else, so that it is not counted twice.
final as (
    select
        received.record_id,
        received.person_key,
        received.person_key || '|' || coalesce(
            'reference|' || received.offence_reference,
            'reference|' || min(received.offence_reference) over (
                partition by
                    received.person_key,
                    received.offence_date,
                    received.offence_end_date,
                    received.offence_code,
                    received.country
            ),
            'day|' || {{ as_text('received.offence_date') }} || '|' || coalesce({{ as_text('received.offence_end_date') }}, '')
            || '|' || coalesce(received.offence_code, '') || '|' || received.country
        ) as offence_key,
        received.offence_date,
        received.offence_code,
        coalesce(codes.offence_code, classes.offence_code, 'unknown') as known_code,
        received.disposal_date,
        coalesce(disposals.disposal, 'unknown') as known_disposal,
        received.country,
        received.index_date
    from received
    left join offence_codes as codes on received.offence_code = codes.offence_code
    left join offence_codes as classes on substr(received.offence_code, 1, 3) = classes.offence_code
    left join disposals on received.disposal = disposals.disposal
)

select * from final
