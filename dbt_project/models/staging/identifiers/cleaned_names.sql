with

received as (
    select surname as name_received from {{ source('raw', 'parsed_inspections') }}
    union
    select forenames from {{ source('raw', 'parsed_inspections') }}
    union
    select surname from {{ source('raw', 'parsed_terminations') }}
    union
    select forenames from {{ source('raw', 'parsed_terminations') }}
    union
    select surname from {{ source('raw', 'parsed_reoffending') }}
    union
    select forenames from {{ source('raw', 'parsed_reoffending') }}
),

-- Most names hold plain letters, blanks and hyphens only: nothing to fold, remove or decompose.
names as (
    select
        name_received,
        regexp_full_match(name_received, '[A-Za-z -]*') as is_plain
    from received
    where name_received is not null
),

name_characters as (
    select
        name_received,
        unnest(generate_series(1, length(name_received))) as position,
        substr(name_received, position, 1) as name_character
    from names
    where not is_plain
),

distinct_characters as (
    select distinct
        name_character,
        format('U+{:04X}', unicode(name_character)) as code_point
    from name_characters
),

-- The order matters: letter folds, apostrophes, then accents and upper case; what is left of others is a blank.
character_letters as (
    select
        distinct_characters.name_character,
        case
            when letter_folds.letter is not null then letter_folds.replacement
            when apostrophes.code_point is not null then ''
            when unicode_letters.code_point is not null then coalesce(replace(unicode_letters.letters, '_', ' '), '')
            when regexp_full_match(distinct_characters.name_character, '[A-Za-z]')
                then upper(distinct_characters.name_character)
            else ' '
        end as letters
    from distinct_characters
    left join {{ ref('letter_folds') }} as letter_folds
        on distinct_characters.name_character = letter_folds.letter
    left join {{ ref('apostrophes') }} as apostrophes
        on distinct_characters.code_point = apostrophes.code_point
    left join {{ ref('unicode_letters') }} as unicode_letters
        on distinct_characters.code_point = unicode_letters.code_point
),

in_letters as (
    select
        name_received,
        upper(replace(name_received, '-', ' ')) as letters
    from names
    where is_plain
    union all
    select
        name_characters.name_received,
        string_agg(character_letters.letters, '' order by name_characters.position)
    from name_characters
    inner join character_letters on name_characters.name_character = character_letters.name_character
    group by name_characters.name_received
),

collapsed as (
    select
        name_received,
        trim(regexp_replace(letters, ' +', ' ', 'g')) as letters
    from in_letters
),

title_pattern as (
    select '^((' || string_agg(title, '|' order by title) || ')( |$))+' as pattern
    from {{ ref('titles') }}
),

untitled as (
    select
        collapsed.name_received,
        case
            when titles.title is not null
                then regexp_replace(collapsed.letters, (select pattern from title_pattern), '')
            else collapsed.letters
        end as letters
    from collapsed
    left join {{ ref('titles') }} as titles on split_part(collapsed.letters, ' ', 1) = titles.title
),

judged as (
    select
        untitled.name_received,
        untitled.letters,
        case
            when trim(untitled.name_received) = '' then 'empty'
            when untitled.letters = '' then 'no_letters'
            when name_placeholders.placeholder is not null then 'placeholder'
        end as problem
    from untitled
    left join {{ ref('name_placeholders') }} as name_placeholders
        on untitled.letters = name_placeholders.placeholder
),

final as (
    select
        name_received,
        case when problem is null then letters end as name,
        case when problem is null then replace(letters, ' ', '') end as joined_name,
        case when problem is null then split_part(letters, ' ', 1) end as first_word,
        problem
    from judged
)

select * from final
