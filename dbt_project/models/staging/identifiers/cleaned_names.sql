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
        name_received,
        unnest(generate_series(1, length(name_received))) as position,
        substr(name_received, position, 1) as name_character
    from names
    where not regexp_full_match(name_received, '[A-Za-z -]*')
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

spelled as (
    select
        name_characters.name_received,
        string_agg(character_letters.letters, '' order by name_characters.position) as letters
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
            case when contains(letters, '  ') then regexp_replace(letters, ' +', ' ', 'g') else letters end
        ) as letters
    from in_letters
),

-- Few names hold a title, a marker of case management, or a Mc written apart; only those are taken to pieces.
special_words as (
    select list(word) as words
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
    where list_has_any(string_split(collapsed.letters, ' '), special_words.words)
),

-- A marker goes where a name follows.
unmarked as (
    select
        special.name_received,
        string_split(
            coalesce(any_value(substr(special.letters, length(markers.marker) + 2)), any_value(special.letters)), ' '
        ) as words
    from special
    left join {{ ref('name_markers') }} as markers on starts_with(special.letters, markers.marker || ' ')
    group by special.name_received
),

lists as (
    select
        (select list(title) from {{ ref('titles') }}) as titles,
        (select list(title) filter (where not is_also_a_name) from {{ ref('titles') }}) as titles_after,
        (select list(particle) filter (where not joins_the_next_word) from {{ ref('name_particles') }}) as particles,
        (
            select '\b(' || string_agg(particle, '|') filter (where joins_the_next_word) || ') '
            from {{ ref('name_particles') }}
        ) as joining
),

-- Every title at the end goes, and every one in front.
titled as (
    select
        unmarked.name_received,
        unmarked.words,
        list_position(
            list_transform(unmarked.words, lambda word: list_contains(lists.titles, word)), false
        ) as first_word_kept,
        list_position(
            list_transform(list_reverse(unmarked.words), lambda word: list_contains(lists.titles_after, word)), false
        ) as last_word_kept
    from unmarked
    cross join lists
),

untitled as (
    select
        name_received,
        case
            when last_word_kept is null then ''
            -- nothing but titles, of which one is a name too
            when first_word_kept is null then words[-last_word_kept]
            else array_to_string(words[first_word_kept:-last_word_kept], ' ')
        end as letters
    from titled
),

-- Mc Kenzie is McKenzie.
joined as (
    select
        collapsed.name_received,
        case
            when untitled.name_received is null then collapsed.letters
            else regexp_replace(untitled.letters, lists.joining, '\1', 'g')
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
            when trim(joined.name_received) = '' then 'empty'
            when joined.letters = '' then 'no_letters'
            when name_placeholders.placeholder is not null then 'placeholder'
            -- a row of one letter fills a field in
            when joined.letters[1] in ('X', 'Z') and regexp_full_match(joined.letters, '(X+|Z+)( (X+|Z+))*')
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
        nullif(array_to_string(
            list_filter(
                string_split(judged.letters, ' '),
                lambda word: length(word) > 1 and (
                    not list_contains(lists.particles, word)
                    or list_has_all(lists.particles, string_split(judged.letters, ' '))
                )
            ), ' '
        ), '') as words
    from judged
    cross join lists
    where
        list_has_any(string_split(judged.letters, ' '), lists.particles)
        or regexp_matches(judged.letters, '\b[A-Z]\b')
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
