{#
  PNC identifiers cleaned once a distinct text, however they are written: pnc_received, pnc_id, problem.
  `texts_received`: a query of distinct texts, one column pnc_received.
  Where there is a slash it decides what is year and what is serial; without one both readings are tried, a year of two
  digits (`short`) and one of four (`long`).
#}
{% macro cleaned_pnc_ids(texts_received) -%}
with

written as (
    select
        pnc_received,
        {{ without_blanks('pnc_received') }} as pnc_written,
        right(pnc_written, 1) as check_letter,
        length(pnc_written) - 1 as n_before_letter,
        {{ is_usual_pnc('pnc_written') }} as has_slash,
        regexp_full_match(pnc_written, '[0-9]{3,11}[A-Z]') as is_joined,
        is_joined and n_before_letter <= 9 as has_short,
        is_joined and n_before_letter >= 5 as has_long,
        strpos(pnc_written, '/') as slash
    from ({{ texts_received }})
    where pnc_received is not null
),

-- The short reading and the one with a slash never meet in one text, so that they share their columns.
numbers as (
    select
        *,
        has_slash or has_short as has_first,
        case when has_slash then slash - 1 when has_short then 2 end as n_year_digits,
        try_cast(substr(pnc_written, 1, n_year_digits) as integer) as first_year,
        case
            when has_slash then try_cast(substr(pnc_written, slash + 1, n_before_letter - slash) as integer)
            when has_short then try_cast(substr(pnc_written, 3, n_before_letter - 2) as integer)
        end as first_serial,
        case when has_long then try_cast(substr(pnc_written, 1, 4) as integer) end as long_year,
        case when has_long then try_cast(substr(pnc_written, 5, n_before_letter - 4) as integer) end as long_serial
    from written
),

checked as (
    select
        *,
        coalesce(
            has_first and (
                n_year_digits = 2
                or first_year between {{ limit('pnc_earliest_year') }} and {{ var('pnc_reference_year') }}
            ),
            false
        ) as is_first_possible,
        coalesce(
            long_year between {{ limit('pnc_earliest_year_without_slash') }} and {{ var('pnc_reference_year') }}, false
        ) as is_long_possible
    from numbers
),

lettered as (
    select
        *,
        is_first_possible and check_letter = {{ pnc_check_letter('first_year', 'first_serial') }} as is_first_right,
        is_long_possible and check_letter = {{ pnc_check_letter('long_year', 'long_serial') }} as is_long_right
    from checked
),

judged as (
    select
        *,
        case
            when pnc_written = '' then 'empty'
            when not has_first and not has_long then 'malformed'
            when not is_first_possible and not is_long_possible then 'year_out_of_range'
            when not is_first_right and not is_long_right then 'wrong_letter'
            when is_first_right and is_long_right then 'two_readings'
            when case when is_first_right then first_serial else long_serial end = 0 then 'serial_zero'
        end as problem
    from lettered
),

final as (
    select
        pnc_received,
        case
            when problem is not null then null
            when is_first_right
                then {{ canonical_pnc(pnc_year('n_year_digits', 'first_year'), 'first_serial', 'check_letter') }}
            else {{ canonical_pnc('long_year', 'long_serial', 'check_letter') }}
        end as pnc_id,
        problem
    from judged
)

select * from final
{%- endmacro %}
