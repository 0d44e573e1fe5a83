-- An offence whose code or result no table knows counts as the row `unknown`: without it the offence would be lost.
with

counted as (
    select
        'offence_codes' as table_name,
        count(*) filter (where offence_code = 'unknown') as n_rows
    from {{ ref('offence_codes') }}
    union all
    select
        'disposals',
        count(*) filter (where disposal = 'unknown')
    from {{ ref('disposals') }}
)

select table_name from counted
where n_rows = 0
