-- Search entries of contacts and companies, kept in step by statement-level triggers whatever writes the rows: a form, COPY,
-- an undo, raw SQL. An entry is one word of the record, then all its words (crm/records/search.py).

CREATE OR REPLACE FUNCTION search_words(VARIADIC parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(norm(array_to_string(parts, ' ')), 600);

-- The words of a text: as written, and what hyphens, apostrophes, points and the at sign separate.
CREATE OR REPLACE FUNCTION search_split(words text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT DISTINCT left(word, 60) FROM (
        SELECT unnest(string_to_array(words, ' ')) AS word
        UNION ALL
        SELECT unnest(regexp_split_to_array(words, '[ @]+'))
        UNION ALL
        SELECT unnest(regexp_split_to_array(words, '[^[:alnum:]]+'))
    ) AS all_words WHERE word ~ '[[:alnum:]]'
$$;

CREATE OR REPLACE FUNCTION contacts_reindex_contacts(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM contacts_contactentry WHERE record_id = ANY(ids);
    INSERT INTO contacts_contactentry (record_id, t, owner_id, team_id)
    SELECT d.id, word || ' ' || d.words, d.owner_id, d.team_id
    FROM (
        SELECT c.id, c.owner_id, c.team_id, search_words(
            c.first_name, c.last_name,
            (SELECT string_agg(DISTINCT o.name, ' ') FROM contacts_affiliation a JOIN contacts_company o ON o.id = a.company_id
             WHERE a.contact_id = c.id AND a.ended_on IS NULL AND o.trashed_at IS NULL),
            (SELECT string_agg(e.address, ' ') FROM contacts_email e WHERE e.contact_id = c.id),
            (SELECT string_agg(p.digits, ' ') FROM contacts_phone p WHERE p.contact_id = c.id)
        ) AS words
        FROM contacts_contact c WHERE c.id = ANY(ids) AND c.trashed_at IS NULL
    ) AS d CROSS JOIN LATERAL search_split(d.words) AS word;
END $$;

CREATE OR REPLACE FUNCTION contacts_reindex_companies(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM contacts_companyentry WHERE record_id = ANY(ids);
    INSERT INTO contacts_companyentry (record_id, t, owner_id, team_id)
    SELECT d.id, word || ' ' || d.words, d.owner_id, d.team_id
    FROM (
        SELECT c.id, c.owner_id, c.team_id, search_words(
            c.name, c.trade_name, c.siren, c.siret, c.vat_number,
            (SELECT string_agg(value, ' ') FROM jsonb_array_elements_text(c.domains) AS value),
            (SELECT string_agg(e.address, ' ') FROM contacts_email e WHERE e.company_id = c.id),
            (SELECT string_agg(p.digits, ' ') FROM contacts_phone p WHERE p.company_id = c.id)
        ) AS words
        FROM contacts_company c WHERE c.id = ANY(ids) AND c.trashed_at IS NULL
    ) AS d CROSS JOIN LATERAL search_split(d.words) AS word;
END $$;

CREATE OR REPLACE FUNCTION contacts_contact_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO ids FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(id) INTO ids FROM old_rows;
    ELSE
        SELECT array_agg(n.id) INTO ids FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.first_name, n.last_name, n.owner_id, n.team_id, n.trashed_at)
            IS DISTINCT FROM (o.first_name, o.last_name, o.owner_id, o.team_id, o.trashed_at);
    END IF;
    IF ids IS NOT NULL THEN
        PERFORM contacts_reindex_contacts(ids);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION contacts_company_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[]; renamed bigint[]; people bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO ids FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(id) INTO ids FROM old_rows;
    ELSE
        SELECT array_agg(n.id) INTO ids FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.name, n.trade_name, n.siren, n.siret, n.vat_number, n.domains, n.owner_id, n.team_id, n.trashed_at)
            IS DISTINCT FROM
            (o.name, o.trade_name, o.siren, o.siret, o.vat_number, o.domains, o.owner_id, o.team_id, o.trashed_at);
        SELECT array_agg(n.id) INTO renamed FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.name, n.trashed_at) IS DISTINCT FROM (o.name, o.trashed_at);
    END IF;
    IF ids IS NOT NULL THEN
        PERFORM contacts_reindex_companies(ids);
    END IF;
    IF renamed IS NOT NULL THEN
        SELECT array_agg(DISTINCT contact_id) INTO people FROM contacts_affiliation WHERE company_id = ANY(renamed);
        IF people IS NOT NULL THEN
            PERFORM contacts_reindex_contacts(people);
        END IF;
    END IF;
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
    IF people IS NOT NULL THEN
        PERFORM contacts_reindex_contacts(people);
    END IF;
    IF firms IS NOT NULL THEN
        PERFORM contacts_reindex_companies(firms);
    END IF;
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
    IF people IS NOT NULL THEN
        PERFORM contacts_reindex_contacts(people);
    END IF;
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
