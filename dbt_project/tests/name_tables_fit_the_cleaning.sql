-- Titles and placeholders are compared after normalising, so they must be written that way; plain letters,
-- blanks and hyphens take a short way past folds and apostrophes, so those may not name them.
select
    'titles' as reference_table,
    title as unfit_value
from {{ ref('titles') }}
where not {{ is_wholly('title', '[A-Z]+') }}
union all
select
    'name_placeholders',
    placeholder
from {{ ref('name_placeholders') }}
where placeholder is null or not {{ is_wholly('placeholder', '[A-Z]+( [A-Z]+)*') }}
union all
select
    'name_markers',
    marker
from {{ ref('name_markers') }}
where not {{ is_wholly('marker', '[A-Z]+( [A-Z]+)*') }}
union all
select
    'name_particles',
    particle
from {{ ref('name_particles') }}
where not {{ is_wholly('particle', '[A-Z]+') }}
union all
select
    'letter_folds',
    letter
from {{ ref('letter_folds') }}
where
    length(letter) <> 1
    or {{ is_wholly('letter', '[A-Za-z -]') }}
    or not {{ is_wholly('replacement', '[A-Z]+') }}
union all
select
    'apostrophes',
    code_point
from {{ ref('apostrophes') }}
where
    not {{ is_wholly('code_point', 'U\\+[0-9A-F]{4,6}') }}
    or code_point in ('U+0020', 'U+002D')
    or code_point between 'U+0041' and 'U+005A'
    or code_point between 'U+0061' and 'U+007A'
