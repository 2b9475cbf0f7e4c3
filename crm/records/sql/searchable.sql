-- Added fields that the search finds records by (crm/records/custom.py).

-- Their slugs, of one kind of record; NULL where there is none.
CREATE OR REPLACE FUNCTION search_fields(of_type text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(slug ORDER BY id) FROM records_customfield
    WHERE type = of_type AND is_searchable AND trashed_at IS NULL
$$;

-- A phone number in figures: from abroad, as dialled at home with and without 0. What begins a number is how ITU gave
-- out the codes of countries.
CREATE OR REPLACE FUNCTION search_number(number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT concat_ws(' ', substr(number, 2), '0' || home, home) FROM regexp_replace(
        number, '^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(?!1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])\d{3})', ''
    ) AS home
$$;

-- The words of a record's values, normalised; of web addresses without what all begin with.
CREATE OR REPLACE FUNCTION search_values(slugs text[], custom jsonb) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT left(norm(string_agg(
        CASE WHEN value ~ '^\+\d{6,15}$' THEN search_number(value)
             ELSE regexp_replace(value, '^https?://(www\.)?', '') END, ' ' ORDER BY n)), 200)
    FROM unnest(slugs) WITH ORDINALITY AS s (slug, n) CROSS JOIN LATERAL (SELECT custom ->> slug) AS v (value)
    WHERE value <> ''
$$;

-- Whether an update changed what is searched.
CREATE OR REPLACE FUNCTION search_values_differ(slugs text[], before jsonb, after jsonb) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT slugs IS NOT NULL AND before IS DISTINCT FROM after
        AND search_values(slugs, before) IS DISTINCT FROM search_values(slugs, after)
$$;

-- An entry: its word, the words of the names, and apart from them those of added fields (crm/records/search.py).
CREATE OR REPLACE FUNCTION search_entry(word text, names text, extra text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT word || ' ' || search_tail(names) || coalesce(' ' || chr(31) || ' ' || search_tail(extra), '')
$$;
