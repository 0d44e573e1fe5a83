with

surnames as (
    select distinct surname from {{ source('raw', 'parsed_terminations') }}
    union
    select distinct surname from {{ source('raw', 'parsed_reoffending') }}
),

forenames as (
    select distinct forenames from {{ source('raw', 'parsed_terminations') }}
    union
    select distinct forenames from {{ source('raw', 'parsed_reoffending') }}
),

unusual as (
    select surname as name_received from surnames
    where not {{ is_usual_surname('surname') }}
    union
    select forenames from forenames
    where
        not {{ is_usual_forename('forenames') }}
        or {{ plain_forename('forenames') }} in (select title from {{ ref('titles') }})
),

final as (
    select
        name_received,
        joined_name,
        first_word
    from (
        {{ cleaned_names('select name_received from unusual') }}
    )
    where problem is null
)

select * from final
