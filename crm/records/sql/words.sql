-- What stands behind the word of an entry: the names, each of their parts a word (crm/records/search.py: APART).
CREATE OR REPLACE FUNCTION search_tail(names text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN translate(names, '-''./&,()+_', '          ');

-- Whether a word is one that people mistype: two letters or more, hyphens and apostrophes inside.
CREATE OR REPLACE FUNCTION search_is_word(word text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN word COLLATE c_utf8 ~ '^[[:alpha:]][[:alpha:]''-]+$';

-- Note the words of new search entries that are not known yet. Two transactions may note the same: none waits.
CREATE OR REPLACE FUNCTION search_note_words(words text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO records_wordentry (word)
    SELECT word FROM (SELECT DISTINCT unnest(words) AS word) AS written
    WHERE search_is_word(word) AND NOT EXISTS (SELECT FROM records_wordentry known WHERE known.word = written.word)
$$;
