-- How names are compared when duplicates are looked for. All of it takes text as norm() gives it.

-- The words of a name, each once, in the order of the alphabet: "Jean-Pierre Martin" and "MARTIN Jean Pierre" are the
-- same. Of a company without its legal form and its "and", unless nothing else is left.
CREATE OR REPLACE FUNCTION duplicate_words(name text, is_company boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        string_agg(DISTINCT word, ' ' ORDER BY word) FILTER (WHERE NOT is_company OR word <> ALL (ARRAY[
            'sa', 'sas', 'sasu', 'sarl', 'eurl', 'sci', 'snc', 'scop', 'scp', 'selarl', 'gie', 'ei', 'eirl', 'ste', 'societe',
            'ets', 'etablissement', 'etablissements', 'cie', 'compagnie', 'ltd', 'limited', 'plc', 'llc', 'llp', 'inc',
            'incorporated', 'corp', 'corporation', 'co', 'company', 'gmbh', 'ag', 'kg', 'bv', 'nv', 'srl', 'spa', 'sl', 'et',
            'and', 'und', 'the'])),
        string_agg(DISTINCT word, ' ' ORDER BY word), '')
    FROM unnest(regexp_split_to_array(
        replace(name, '.', CASE WHEN is_company THEN '' ELSE ' ' END) COLLATE c_utf8, '[^[:alnum:]]+')) AS word
    WHERE word <> ''
$$;

-- A word as it is spoken, French first, English where it costs nothing: Lefebvre and Lefèvre, Thibault and Thibaud, Gauthier
-- and Gautier, Philippe and Phillipe, Smith and Smyth, Mark and Marc are one. A word of another script is spoken as written.
CREATE OR REPLACE FUNCTION duplicate_spoken(word text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain text := regexp_replace(word, '[^a-z0-9]', '', 'g');
BEGIN
    IF plain !~ '[a-z]' OR length(plain) < 3 THEN
        RETURN word;
    END IF;
    plain := replace(replace(replace(replace(replace(plain, 'ph', 'f'), 'bv', 'v'), 'mps', 'ms'), 'qu', 'k'), 'gn', 'n');
    plain := regexp_replace(plain, '(e?ault|e?auld|e?aud|e?aut|eau|au)[sx]?$', 'o');
    plain := regexp_replace(plain, 'e?au', 'o', 'g');
    plain := regexp_replace(plain, 'c(?=[eiy])', 's', 'g');
    plain := regexp_replace(plain, 'ck|c(?!h)', 'k', 'g');
    plain := regexp_replace(plain, 'g(?=[eiy])', 'j', 'g');
    plain := regexp_replace(plain, 'je(?=[aou])', 'j', 'g');
    plain := regexp_replace(plain, '(?<![cs])h', '', 'g');
    plain := translate(plain, 'zwy', 'svi');
    plain := regexp_replace(plain, '(?:[ae]i|i|u)[nm](?=[^aeiounm]|$)', 'in', 'g');
    plain := regexp_replace(plain, '[ae][nm](?=[^aeiounm]|$)', 'an', 'g');
    plain := regexp_replace(plain, '[ae]i', 'e', 'g');
    plain := replace(plain, 'ou', 'u');
    plain := regexp_replace(plain, '(.)\1', '\1', 'g');
    -- Ends that are not spoken; an e after n or m is heard in what stands before it: Jean and Jeanne, Marin and Marine differ.
    plain := regexp_replace(plain, '^(..+)[sx]$', '\1');
    plain := regexp_replace(plain, '^(.+[^nm])e$', '\1');
    RETURN regexp_replace(plain, '^(..+)[tdp]$', '\1');
END $$;

-- How it sounds when the vowels are left out.
CREATE OR REPLACE FUNCTION duplicate_sound(word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(dmetaphone(duplicate_spoken(word)), ''), word)
$$;

-- All words of a name as they are spoken.
CREATE OR REPLACE FUNCTION duplicate_spoken_words(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(DISTINCT said, ' ' ORDER BY said), '')
    FROM (SELECT duplicate_spoken(word) AS said FROM unnest(string_to_array(words, ' ')) AS word) AS each
$$;
