-- Letters of all scripts, compared by code point.
DO $$
BEGIN
    IF current_setting('server_version_num')::int >= 170000 THEN
        CREATE COLLATION IF NOT EXISTS c_utf8 (provider = builtin, locale = 'C.UTF-8');
    ELSE
        CREATE COLLATION IF NOT EXISTS c_utf8 (provider = libc, locale = 'C.UTF-8');
    END IF;
END $$;

-- The one normaliser of text, equal to norm() in crm/records/text.py: lower case, no accents, ligatures opened, spaces
-- collapsed and trimmed. It depends on no dictionary and on no locale that differs between servers: C.UTF-8 comes with
-- PostgreSQL 17 and later, and with the C library before. So it is immutable and may stand in indexes and generated
-- columns. Plain ASCII takes the short way.
CREATE OR REPLACE FUNCTION norm(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(
    CASE WHEN octet_length(value) = char_length(value) THEN lower(value COLLATE c_utf8)
    ELSE replace(replace(replace(replace(translate(
        lower(regexp_replace(
            normalize(value, NFKD),
            U&'[\00AD\0300-\036F\061C\1AB0-\1AFF\1DC0-\1DFF\200B-\200F\202A-\202E\2060-\206F\20D0-\20FF\FE00-\FE0F\FE20-\FE2F\FEFF]+',
            '', 'g') COLLATE c_utf8),
        'øłđðħıŧŋƒςʼ’‘‛′‐‒–—―−“”„«»', 'olddhitnfσ''''''''''------"""""'),
        'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'þ', 'th')
    END COLLATE c_utf8,
    U&'[\0001-\0020\007F-\00A0\1680\2028\2029]+', ' ', 'g'), ' ');
