with

received as (
    {% for source_name in ['inspections', 'terminations', 'reoffending', 'offences'] -%}
    select distinct pnc_id as pnc_received from {{ source('raw', 'parsed_' ~ source_name) }}
    where pnc_id is not null
    {{ 'union' if not loop.last }}
    {% endfor %}
),

-- Most are written without blanks and pay for one look.
written as (
    select
        pnc_received,
        case
            when {{ is_wholly('pnc_received', '[0-9A-Z/]*') }} then pnc_received
            else {{ without_blanks('pnc_received') }}
        end as pnc_written
    from received
),

parts as (
    select
        pnc_received,
        pnc_written,
        substr(pnc_written, length(pnc_written), 1) as check_letter,
        length(pnc_written) - 1 as n_before_letter,
        position('/' in pnc_written) as slash
    from written
),

-- Every way to read it: where there is a slash it decides what is year and what is serial; without one both readings are
-- tried, a year of two digits and one of four.
readings as (
    select
        pnc_received,
        check_letter,
        substr(pnc_written, 1, slash - 1) as year_written,
        substr(pnc_written, slash + 1, n_before_letter - slash) as serial_written,
        {{ limit('pnc_earliest_year') }} as earliest_year
    from parts
    where {{ is_wholly('pnc_written', '([0-9]{2}|[0-9]{4})/[0-9]{1,7}[A-Z]') }}
    union all
    select
        parts.pnc_received,
        parts.check_letter,
        substr(parts.pnc_written, 1, forms.n_year_digits),
        substr(parts.pnc_written, forms.n_year_digits + 1, parts.n_before_letter - forms.n_year_digits),
        {{ limit('pnc_earliest_year_without_slash') }}
    from parts
    cross join (values (2), (4)) as forms (n_year_digits)
    where
        {{ is_wholly('parts.pnc_written', '[0-9]{3,11}[A-Z]') }}
        and parts.n_before_letter - forms.n_year_digits between 1 and 7
),

numbers as (
    select
        pnc_received,
        check_letter,
        length(year_written) as n_year_digits,
        try_cast(year_written as integer) as year_number,
        try_cast(serial_written as integer) as serial_number,
        earliest_year
    from readings
),

dated as (
    select
        *,
        n_year_digits = 2 or year_number between earliest_year and {{ var('pnc_reference_year') }} as is_possible,
        -- Two digits above the reference year's last two belong to the century before.
        case
            when n_year_digits = 4 then year_number
            else {{ var('pnc_reference_year') }} - ({{ var('pnc_reference_year') }} - year_number) % 100
        end as year
    from numbers
),

judged as (
    select
        *,
        lpad({{ as_text('year') }}, 4, '0') || '/' || lpad({{ as_text('serial_number') }}, 7, '0') || check_letter as pnc_id,
        is_possible and check_letter = substr(
            'ZABCDEFGHJKLMNPQRTUVWXY', try_cast(((year_number % 100) * 10000000 + serial_number) % 23 as integer) + 1, 1
        ) as is_right
    from dated
),

by_text as (
    select
        pnc_received,
        count(*) filter (where is_possible) as n_possible,
        count(*) filter (where is_right) as n_right,
        any_value(serial_number) filter (where is_right) as serial_number,
        any_value(pnc_id) filter (where is_right) as pnc_id
    from judged
    group by pnc_received
),

final as (
    select
        written.pnc_received,
        by_text.pnc_id,
        case
            when written.pnc_written = '' then 'empty'
            when by_text.pnc_received is null then 'malformed'
            when by_text.n_possible = 0 then 'year_out_of_range'
            when by_text.n_right = 0 then 'wrong_letter'
            when by_text.n_right > 1 then 'two_readings'
            when by_text.serial_number = 0 then 'serial_zero'
        end as problem
    from written
    left join by_text on written.pnc_received = by_text.pnc_received
)

select
    pnc_received,
    case when problem is null then pnc_id end as pnc_id,
    problem
from final
