with

-- Each column by itself first: in a file it is a dictionary already, and its distinct names cost little.
names as (
    {% for source_name in ['inspections', 'terminations', 'reoffending'] -%}
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

titles as (
    select
        list(title) as titles,
        list(title) filter (where not is_also_a_name) as titles_after
    from {{ ref('titles') }}
),

particles as (
    select
        list(particle) filter (where not joins_the_next_word) as particles,
        '\b(' || string_agg(particle, '|') filter (where joins_the_next_word) || ') ' as joining
    from {{ ref('name_particles') }}
),

lists as (
    select * from titles
    cross join particles
),

-- What case management writes before a name, where a name follows.
unmarked as (
    select
        collapsed.name_received,
        coalesce(any_value(substr(collapsed.letters, length(markers.marker) + 2)), any_value(collapsed.letters)) as letters
    from collapsed
    left join {{ ref('name_markers') }} as markers on starts_with(collapsed.letters, markers.marker || ' ')
    group by collapsed.name_received
),

-- Few names begin or end with a title; of those every title at the end goes, and every one in front.
titled as (
    select
        unmarked.name_received,
        string_split(unmarked.letters, ' ') as words,
        list_position(
            list_transform(words, lambda word: list_contains(lists.titles, word)), false
        ) as first_word_kept,
        list_position(
            list_transform(list_reverse(words), lambda word: list_contains(lists.titles_after, word)), false
        ) as last_word_kept
    from unmarked
    cross join lists
    where
        list_contains(lists.titles, split_part(unmarked.letters, ' ', 1))
        or list_contains(lists.titles_after, split_part(unmarked.letters, ' ', -1))
),

untitled as (
    select
        unmarked.name_received,
        case
            when titled.name_received is null then unmarked.letters
            when titled.last_word_kept is null then ''
            -- nothing but titles, of which one is a name too
            when titled.first_word_kept is null then titled.words[-titled.last_word_kept]
            else array_to_string(titled.words[titled.first_word_kept:-titled.last_word_kept], ' ')
        end as letters
    from unmarked
    left join titled on unmarked.name_received = titled.name_received
),

-- Mc Kenzie is McKenzie.
joined as (
    select
        untitled.name_received,
        case
            when regexp_matches(untitled.letters, lists.joining)
                then regexp_replace(untitled.letters, lists.joining, '\1', 'g')
            else untitled.letters
        end as letters
    from untitled
    cross join lists
),

judged as (
    select
        joined.name_received,
        joined.letters,
        case
            when trim(joined.name_received) = '' then 'empty'
            when joined.letters = '' then 'no_letters'
            when name_placeholders.placeholder is not null or regexp_full_match(joined.letters, '(X+|Z+)( (X+|Z+))*')
                then 'placeholder'
        end as problem
    from joined
    left join {{ ref('name_placeholders') }} as name_placeholders
        on joined.letters = name_placeholders.placeholder
),

final as (
    select
        name_received,
        case when problem is null then letters end as name,
        case when problem is null then replace(letters, ' ', '') end as joined_name,
        case when problem is null then split_part(letters, ' ', 1) end as first_word,
        -- Particles come and go, unless there is nothing else; an initial is no word.
        case
            when problem is not null then null
            when not regexp_matches(letters, '\b[A-Z]\b') and not list_has_any(string_split(letters, ' '), lists.particles)
                then letters
            when list_has_all(lists.particles, string_split(letters, ' '))
                then nullif(trim(regexp_replace(letters, '\b[A-Z]\b ?', '', 'g')), '')
            else nullif(array_to_string(
                list_filter(
                    string_split(letters, ' '),
                    lambda word: length(word) > 1 and not list_contains(lists.particles, word)
                ), ' '
            ), '')
        end as words,
        problem
    from judged
    cross join lists
)

select * from final
