with

-- The usual form is read in the row (staged_identifiers).
received as (
    select distinct pnc_id as pnc_received from {{ source('raw', 'parsed_inspections') }}
    union
    select distinct pnc_id from {{ source('raw', 'parsed_terminations') }}
    union
    select distinct pnc_id from {{ source('raw', 'parsed_reoffending') }}
),

written as (
    select
        pnc_received,
        {{ without_blanks('pnc_received') }} as pnc_written
    from received
    where not {{ is_usual_pnc('pnc_received') }}
),

-- Where there is a slash it decides what is year and what is serial; without one both readings are tried.
readings as (
    select
        pnc_received,
        pnc_written,
        'slash' as reading,
        split_part(pnc_written, '/', 1) as year_digits,
        regexp_extract(pnc_written, '/([0-9]+)', 1) as serial_digits
    from written
    where regexp_full_match(pnc_written, '([0-9]{2}|[0-9]{4})/[0-9]{1,7}[A-Z]')
    union all
    select
        pnc_received,
        pnc_written,
        'short',
        substr(pnc_written, 1, 2),
        substr(pnc_written, 3, length(pnc_written) - 3)
    from written
    where regexp_full_match(pnc_written, '[0-9]{2}[0-9]{1,7}[A-Z]')
    union all
    select
        pnc_received,
        pnc_written,
        'long',
        substr(pnc_written, 1, 4),
        substr(pnc_written, 5, length(pnc_written) - 5)
    from written
    where regexp_full_match(pnc_written, '[0-9]{4}[0-9]{1,7}[A-Z]')
),

numbers as (
    select
        *,
        try_cast(year_digits as integer) as year_number,
        try_cast(serial_digits as integer) as serial_number,
        right(pnc_written, 1) as check_letter
    from readings
),

dated as (
    select
        *,
        {{ pnc_year('length(year_digits)', 'year_number') }} as pnc_year
    from numbers
),

checked as (
    select
        *,
        case reading
            when 'short' then true
            when 'slash' then length(year_digits) = 2
                or pnc_year between {{ limit('pnc_earliest_year') }} and {{ var('pnc_reference_year') }}
            when 'long' then pnc_year between
                {{ limit('pnc_earliest_year_without_slash') }} and {{ var('pnc_reference_year') }}
        end as is_year_possible,
        check_letter = {{ pnc_check_letter('year_number', 'serial_number') }} as is_letter_right
    from dated
),

counted as (
    select
        written.pnc_received,
        written.pnc_written,
        count(checked.reading) as n_readings,
        count(*) filter (where checked.is_year_possible) as n_possible,
        count(*) filter (where checked.is_year_possible and checked.is_letter_right) as n_right,
        any_value(checked.pnc_year) filter (where checked.is_year_possible and checked.is_letter_right) as pnc_year,
        any_value(checked.serial_number) filter (where checked.is_year_possible and checked.is_letter_right)
            as serial_number,
        any_value(checked.check_letter) as check_letter
    from written
    left join checked on written.pnc_received = checked.pnc_received
    group by written.pnc_received, written.pnc_written
),

judged as (
    select
        *,
        case
            when pnc_written = '' then 'empty'
            when n_readings = 0 then 'malformed'
            when n_possible = 0 then 'year_out_of_range'
            when n_right = 0 then 'wrong_letter'
            when n_right > 1 then 'two_readings'
            when serial_number = 0 then 'serial_zero'
        end as problem
    from counted
),

final as (
    select
        pnc_received,
        case when problem is null then {{ canonical_pnc('pnc_year', 'serial_number', 'check_letter') }} end as pnc_id,
        problem
    from judged
)

select * from final
