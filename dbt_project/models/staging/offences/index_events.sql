with

-- Several offences can lead to one disposal or release: the row with the smallest id stands for it.
final as (
    select *
    from (
        select
            *,
            row_number() over (partition by person_key, index_date order by record_id) as row_order
        from {{ ref('staged_offences') }}
        where index_date is not null
    ) as ordered
    where row_order = 1
)

select
    record_id,
    crn,
    crn_problem,
    pnc_id,
    pnc_problem,
    surname,
    surname_problem,
    forenames,
    first_forename,
    forenames_problem,
    name_words,
    date_of_birth,
    date_of_birth_problem,
    person_key,
    index_date,
    file,
    line
from final
