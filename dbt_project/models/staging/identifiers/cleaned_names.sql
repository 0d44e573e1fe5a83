with

-- Each column by itself first: in a file it is a dictionary already, and its distinct names cost little.
names as (
    {% for source_name in ['inspections', 'terminations', 'reoffending', 'offences'] -%}
    select distinct surname as name_received from {{ source('raw', 'parsed_' ~ source_name) }}
    where surname is not null
    union
    select distinct forenames from {{ source('raw', 'parsed_' ~ source_name) }}
    where forenames is not null
    {{ 'union' if not loop.last }}
    {% endfor %}
),

name_characters as (
    select
        names.name_received,
        places.place,
        substr(names.name_received, places.place, 1) as name_character
    from names
    {{ cross_join_each(places('names.name_received'), 'places', 'place') }}
    where not {{ is_wholly('names.name_received', '[A-Za-z -]*') }}
),

distinct_characters as (
    select distinct
        name_character,
        {{ code_point('name_character') }} as code_point
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
            when {{ is_wholly('distinct_characters.name_character', '[A-Za-z]') }}
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

spelled as (
    select
        name_characters.name_received,
        {{ in_order('character_letters.letters', '', 'name_characters.place') }} as letters
    from name_characters
    inner join character_letters on name_characters.name_character = character_letters.name_character
    group by name_characters.name_received
),

-- Most names hold plain letters, blanks and hyphens only: nothing to fold, remove or decompose.
in_letters as (
    select
        names.name_received,
        coalesce(spelled.letters, upper(replace(names.name_received, '-', ' '))) as letters
    from names
    left join spelled on names.name_received = spelled.name_received
),

-- A pattern over every name would cost more than all the rest; few hold two blanks in a row.
collapsed as (
    select
        name_received,
        trim(
            case when letters like '%  %' then {{ replaced('letters', ' +', ' ') }} else letters end
        ) as letters
    from in_letters
),

-- Few names hold a title, a marker of case management, or a Mc written apart; only those are taken to pieces.
special_words as (
    select array_agg(word) as words
    from (
        select title as word from {{ ref('titles') }}
        union
        select split_part(marker, ' ', 1) from {{ ref('name_markers') }}
        union
        select particle from {{ ref('name_particles') }}
        where joins_the_next_word
    ) as listed
),

special as (
    select collapsed.*
    from collapsed
    cross join special_words
    where {{ holds_any("split(collapsed.letters, ' ')", 'special_words.words') }}
),

-- A marker goes where a name follows.
unmarked as (
    select
        special.name_received,
        min(coalesce(substr(special.letters, length(markers.marker) + 2), special.letters)) as letters
    from special
    left join {{ ref('name_markers') }} as markers
        on markers.marker || ' ' = substr(special.letters, 1, length(markers.marker) + 1)
    group by special.name_received
),

lists as (
    select
        (select {{ in_order('title', '|', 'title') }} from {{ ref('titles') }}) as titles,
        (
            select {{ in_order('title', '|', 'title', where='not is_also_a_name') }} from {{ ref('titles') }}
        ) as titles_after,
        (select {{ listed('particle', 'not joins_the_next_word') }} from {{ ref('name_particles') }}) as particles,
        (select {{ listed('particle', 'joins_the_next_word') }} from {{ ref('name_particles') }}) as joining
),

-- Every title at the end goes, then every one in front; of titles alone the last stands, being a name too.
untitled as (
    select
        unmarked.name_received,
        split(
            regexp_replace(
                regexp_replace(unmarked.letters, '(^| )(' || lists.titles_after || ')( (' || lists.titles_after || '))*$', ''),
                '^((' || lists.titles || ') )+', ''
            ), ' '
        ) as words
    from unmarked
    cross join lists
),

-- Mc Kenzie is McKenzie.
joined as (
    select
        collapsed.name_received,
        case
            when untitled.name_received is null then collapsed.letters
            else trim({{ as_one_text(made_of_each(
                'untitled.words', 'word', "word || case when " ~ holds('lists.joining', 'word') ~ " then '' else ' ' end"
            ), '') }})
        end as letters
    from collapsed
    cross join lists
    left join untitled on collapsed.name_received = untitled.name_received
),

judged as (
    select
        joined.name_received,
        joined.letters,
        case
            when {{ trimmed('joined.name_received') }} = '' then 'empty'
            when joined.letters = '' then 'no_letters'
            when name_placeholders.placeholder is not null then 'placeholder'
            -- a row of one letter fills a field in
            when substr(joined.letters, 1, 1) in ('X', 'Z') and {{ is_wholly('joined.letters', '(X+|Z+)( (X+|Z+))*') }}
                then 'placeholder'
        end as problem
    from joined
    left join {{ ref('name_placeholders') }} as name_placeholders
        on joined.letters = name_placeholders.placeholder
),

-- Particles come and go, unless there is nothing else; an initial is no word.
reduced as (
    select
        judged.name_received,
        nullif({{ as_one_text(those_of(
            "split(judged.letters, ' ')",
            'word',
            "length(word) > 1 and (
                not " ~ holds('lists.particles', 'word') ~ "
                or " ~ holds_all('lists.particles', "split(judged.letters, ' ')") ~ "
            )"
        ), ' ') }}, '') as words
    from judged
    cross join lists
    where
        {{ holds_any("split(judged.letters, ' ')", 'lists.particles') }}
        or ' ' || judged.letters || ' ' like '% _ %'
),

final as (
    select
        judged.name_received,
        case when judged.problem is null then judged.letters end as name,
        case when judged.problem is null then replace(judged.letters, ' ', '') end as joined_name,
        case when judged.problem is null then split_part(judged.letters, ' ', 1) end as first_word,
        case
            when judged.problem is not null then null
            when reduced.name_received is not null then reduced.words
            else judged.letters
        end as words,
        judged.problem
    from judged
    left join reduced on judged.name_received = reduced.name_received
)

select * from final
