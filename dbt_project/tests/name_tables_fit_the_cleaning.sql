-- Titles and placeholders are compared after normalising, so they must be written that way; plain letters,
-- blanks and hyphens take a short way past folds and apostrophes, so those may not name them.
select
    'titles' as reference_table,
    title as unfit_value
from {{ ref('titles') }}
where not regexp_full_match(title, '[A-Z]+')
union all
select
    'name_placeholders',
    placeholder
from {{ ref('name_placeholders') }}
where placeholder is null or not regexp_full_match(placeholder, '[A-Z]+( [A-Z]+)*')
union all
select
    'name_markers',
    marker
from {{ ref('name_markers') }}
where not regexp_full_match(marker, '[A-Z]+( [A-Z]+)*')
union all
select
    'name_particles',
    particle
from {{ ref('name_particles') }}
where not regexp_full_match(particle, '[A-Z]+')
union all
select
    'letter_folds',
    letter
from {{ ref('letter_folds') }}
where
    length(letter) <> 1
    or regexp_full_match(letter, '[A-Za-z -]')
    or not regexp_full_match(replacement, '[A-Z]+')
union all
select
    'apostrophes',
    code_point
from {{ ref('apostrophes') }}
where
    not regexp_full_match(code_point, 'U\+[0-9A-F]{4,6}')
    or code_point in ('U+0020', 'U+002D')
    or code_point between 'U+0041' and 'U+005A'
    or code_point between 'U+0061' and 'U+007A'
