-- Search entries of contacts and companies, kept in step by statement-level triggers whatever writes the rows: a form, COPY,
-- an undo, raw SQL. An entry is one word of the record, then the words of its names (crm/records/search.py).

-- The words somebody is looked for by. Of `names` (normalised): each word, and what follows a hyphen, an apostrophe or a
-- point in it, as what stands before is found as the beginning of the whole. Of `codes` (addresses, numbers, domains): each
-- as it is, of e-mail addresses also the domain and what follows a point in the name.
CREATE OR REPLACE FUNCTION search_words(names text, codes text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT DISTINCT left(word, 60) FROM (
        SELECT unnest(string_to_array(names || ' ' || codes, ' '))
        UNION ALL
        SELECT unnest((regexp_split_to_array(whole, '[^[:alnum:]]+'))[2:])
        FROM unnest(string_to_array(names, ' ')) AS whole WHERE whole ~ '[^[:alnum:]]'
        UNION ALL
        SELECT unnest(split_part(code, '@', 2) || (regexp_split_to_array(split_part(code, '@', 1), '[^[:alnum:]]+'))[2:])
        FROM unnest(string_to_array(codes, ' ')) AS code WHERE code LIKE '%@%'
    ) AS words (word) WHERE word ~ '[[:alnum:]]'
$$;

CREATE OR REPLACE FUNCTION contacts_reindex_contacts(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE words text[]; slugs text[] := search_fields('contact');
BEGIN
    DELETE FROM contacts_contactentry WHERE record_id = ANY(ids);
    WITH people AS MATERIALIZED (
        SELECT c.id, c.owner_id, c.team_id,
            left(norm(concat_ws(' ', c.first_name, c.last_name, firms.names)), 400) AS names,
            left(norm(concat_ws(' ', emails.addresses, phones.digits)), 400) AS codes,
            CASE WHEN slugs IS NOT NULL THEN search_values(slugs, c.custom) END AS extra
        FROM contacts_contact c
        CROSS JOIN LATERAL (
            SELECT string_agg(DISTINCT o.name, ' ') AS names FROM contacts_affiliation a
            JOIN contacts_company o ON o.id = a.company_id
            WHERE a.contact_id = c.id AND a.ended_on IS NULL AND o.trashed_at IS NULL
        ) AS firms
        CROSS JOIN LATERAL (
            SELECT string_agg(e.address, ' ') AS addresses FROM contacts_email e WHERE e.contact_id = c.id
        ) AS emails
        CROSS JOIN LATERAL (
            SELECT string_agg(p.digits, ' ') AS digits FROM contacts_phone p WHERE p.contact_id = c.id
        ) AS phones
        WHERE c.id = ANY(ids) AND c.trashed_at IS NULL
    ), named AS MATERIALIZED (
        SELECT *, search_entry('', names, extra) AS tail FROM people
    ), written AS (
        INSERT INTO contacts_contactentry (record_id, t, owner_id, team_id)
        SELECT named.id, word || tail, owner_id, coalesce(team_id, 0)
        FROM named CROSS JOIN LATERAL search_words(concat_ws(' ', names, extra), codes) AS word
        ORDER BY 4, 2 -- as the index has them: many rows find their page as the row before left it
        RETURNING split_part(t, ' ', 1) AS word
    )
    SELECT array_agg(word) INTO words FROM written;
    PERFORM search_note_words(words);
END $$;

CREATE OR REPLACE FUNCTION contacts_reindex_companies(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE words text[]; slugs text[] := search_fields('company');
BEGIN
    DELETE FROM contacts_companyentry WHERE record_id = ANY(ids);
    WITH firms AS MATERIALIZED (
        SELECT c.id, c.owner_id, c.team_id,
            left(norm(concat_ws(' ', c.name, c.trade_name)), 400) AS names,
            left(norm(concat_ws(' ', c.siren, c.siret, c.vat_number, domains.names, emails.addresses, phones.digits)), 400)
            AS codes,
            CASE WHEN slugs IS NOT NULL THEN search_values(slugs, c.custom) END AS extra
        FROM contacts_company c
        CROSS JOIN LATERAL (
            SELECT string_agg(value, ' ') AS names FROM jsonb_array_elements_text(c.domains) AS value
        ) AS domains
        CROSS JOIN LATERAL (
            SELECT string_agg(e.address, ' ') AS addresses FROM contacts_email e WHERE e.company_id = c.id
        ) AS emails
        CROSS JOIN LATERAL (
            SELECT string_agg(p.digits, ' ') AS digits FROM contacts_phone p WHERE p.company_id = c.id
        ) AS phones
        WHERE c.id = ANY(ids) AND c.trashed_at IS NULL
    ), named AS MATERIALIZED (
        SELECT *, search_entry('', names, extra) AS tail FROM firms
    ), written AS (
        INSERT INTO contacts_companyentry (record_id, t, owner_id, team_id)
        SELECT named.id, word || tail, owner_id, coalesce(team_id, 0)
        FROM named CROSS JOIN LATERAL search_words(concat_ws(' ', names, extra), codes) AS word
        ORDER BY 4, 2 -- as the index has them: many rows find their page as the row before left it
        RETURNING split_part(t, ' ', 1) AS word
    )
    SELECT array_agg(word) INTO words FROM written;
    PERFORM search_note_words(words);
END $$;

-- Index what was written: at once, or, between contacts_search_later() and contacts_search_now() in the same transaction,
-- everything at the end (contacts/search.py).
CREATE OR REPLACE FUNCTION contacts_search_changed(people bigint[], firms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('sillage.search', true) = 'later' THEN
        INSERT INTO contacts_search_due SELECT 'person', unnest(people) UNION ALL SELECT 'firm', unnest(firms);
        RETURN;
    END IF;
    IF people IS NOT NULL THEN
        PERFORM contacts_reindex_contacts(people);
    END IF;
    IF firms IS NOT NULL THEN
        PERFORM contacts_reindex_companies(firms);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION contacts_search_later() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('pg_temp.contacts_search_due') IS NULL THEN
        CREATE TEMPORARY TABLE contacts_search_due (kind text NOT NULL, id bigint NOT NULL) ON COMMIT DROP;
    END IF;
    PERFORM set_config('sillage.search', 'later', true);
END $$;

CREATE OR REPLACE FUNCTION contacts_search_now() RETURNS void LANGUAGE plpgsql AS $$
DECLARE people bigint[]; firms bigint[];
BEGIN
    PERFORM set_config('sillage.search', '', true);
    SELECT array_agg(DISTINCT id) FILTER (WHERE kind = 'person'), array_agg(DISTINCT id) FILTER (WHERE kind = 'firm')
    INTO people, firms FROM contacts_search_due;
    DELETE FROM contacts_search_due;
    PERFORM contacts_search_changed(people, firms);
END $$;

CREATE OR REPLACE FUNCTION contacts_contact_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[]; slugs text[] := search_fields('contact');
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO ids FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(id) INTO ids FROM old_rows;
    ELSE
        SELECT array_agg(n.id) INTO ids FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.first_name, n.last_name, n.owner_id, n.team_id, n.trashed_at)
            IS DISTINCT FROM (o.first_name, o.last_name, o.owner_id, o.team_id, o.trashed_at)
            OR search_values_differ(slugs, n.custom, o.custom);
    END IF;
    PERFORM contacts_search_changed(ids, NULL);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION contacts_company_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[]; renamed bigint[]; people bigint[]; slugs text[] := search_fields('company');
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO ids FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(id) INTO ids FROM old_rows;
    ELSE
        SELECT array_agg(n.id) INTO ids FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.name, n.trade_name, n.siren, n.siret, n.vat_number, n.domains, n.owner_id, n.team_id, n.trashed_at)
            IS DISTINCT FROM
            (o.name, o.trade_name, o.siren, o.siret, o.vat_number, o.domains, o.owner_id, o.team_id, o.trashed_at)
            OR search_values_differ(slugs, n.custom, o.custom);
        SELECT array_agg(n.id) INTO renamed FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.name, n.trashed_at) IS DISTINCT FROM (o.name, o.trashed_at);
    END IF;
    IF renamed IS NOT NULL THEN
        SELECT array_agg(DISTINCT contact_id) INTO people FROM contacts_affiliation WHERE company_id = ANY(renamed);
    END IF;
    PERFORM contacts_search_changed(people, ids);
    RETURN NULL;
END $$;

-- Of e-mail addresses and phones: the record they belong to.
CREATE OR REPLACE FUNCTION contacts_point_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE people bigint[]; firms bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT contact_id) FILTER (WHERE contact_id IS NOT NULL),
               array_agg(DISTINCT company_id) FILTER (WHERE company_id IS NOT NULL) INTO people, firms FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT contact_id) FILTER (WHERE contact_id IS NOT NULL),
               array_agg(DISTINCT company_id) FILTER (WHERE company_id IS NOT NULL) INTO people, firms FROM old_rows;
    ELSE
        SELECT array_agg(DISTINCT contact_id) FILTER (WHERE contact_id IS NOT NULL),
               array_agg(DISTINCT company_id) FILTER (WHERE company_id IS NOT NULL) INTO people, firms
        FROM (SELECT contact_id, company_id FROM new_rows UNION ALL SELECT contact_id, company_id FROM old_rows) AS rows;
    END IF;
    PERFORM contacts_search_changed(people, firms);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION contacts_affiliation_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE people bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT contact_id) INTO people FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT contact_id) INTO people FROM old_rows;
    ELSE
        SELECT array_agg(DISTINCT contact_id) INTO people
        FROM (SELECT contact_id FROM new_rows UNION ALL SELECT contact_id FROM old_rows) AS rows;
    END IF;
    PERFORM contacts_search_changed(people, NULL);
    RETURN NULL;
END $$;

DO $$
DECLARE tied text[]; act text; wanted text;
BEGIN
    FOREACH tied SLICE 1 IN ARRAY ARRAY[
        ['contacts_contact', 'contacts_contact_written'], ['contacts_company', 'contacts_company_written'],
        ['contacts_email', 'contacts_point_written'], ['contacts_phone', 'contacts_point_written'],
        ['contacts_affiliation', 'contacts_affiliation_written']
    ] LOOP
        FOREACH act IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            wanted := CASE act WHEN 'INSERT' THEN 'NEW TABLE AS new_rows' WHEN 'DELETE' THEN 'OLD TABLE AS old_rows'
                               ELSE 'NEW TABLE AS new_rows OLD TABLE AS old_rows' END;
            EXECUTE format('CREATE OR REPLACE TRIGGER search_%s AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %I()',
                           lower(act), act, tied[1], wanted, tied[2]);
        END LOOP;
    END LOOP;
END $$;
