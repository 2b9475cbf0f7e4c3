-- Search entries of opportunities, kept in step by statement-level triggers whatever writes the rows (crm/records/search.py;
-- search_words, search_tail and search_note_words: contacts/sql/search.sql, crm/records/sql/words.sql).
CREATE OR REPLACE FUNCTION opportunities_reindex(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE words text[];
BEGIN
    IF ids IS NULL THEN
        RETURN;
    END IF;
    DELETE FROM opportunities_opportunityentry WHERE record_id = ANY(ids);
    WITH deals AS MATERIALIZED (
        SELECT o.id, o.owner_id, o.team_id, left(norm(concat_ws(' ', o.name, c.name)), 400) AS names,
            left(norm(o.reference), 400) AS codes
        FROM opportunities_opportunity o
        LEFT JOIN contacts_company c ON c.id = o.company_id AND c.trashed_at IS NULL
        WHERE o.id = ANY(ids) AND o.trashed_at IS NULL
    ), written AS (
        INSERT INTO opportunities_opportunityentry (record_id, t, owner_id, team_id)
        SELECT deals.id, word || ' ' || search_tail(names), owner_id, coalesce(team_id, 0)
        FROM deals CROSS JOIN LATERAL search_words(names, codes) AS word
        RETURNING split_part(t, ' ', 1) AS word
    )
    SELECT array_agg(word) INTO words FROM written;
    PERFORM search_note_words(words);
END $$;

CREATE OR REPLACE FUNCTION opportunities_deal_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO ids FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(id) INTO ids FROM old_rows;
    ELSE
        SELECT array_agg(n.id) INTO ids FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.name, n.reference, n.company_id, n.owner_id, n.team_id, n.trashed_at)
            IS DISTINCT FROM (o.name, o.reference, o.company_id, o.owner_id, o.team_id, o.trashed_at);
    END IF;
    PERFORM opportunities_reindex(ids);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION opportunities_company_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    SELECT array_agg(d.id) INTO ids FROM new_rows n JOIN old_rows o USING (id)
    JOIN opportunities_opportunity d ON d.company_id = n.id
    WHERE (n.name, n.trashed_at) IS DISTINCT FROM (o.name, o.trashed_at);
    PERFORM opportunities_reindex(ids);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER search_insert AFTER INSERT ON opportunities_opportunity
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_deal_written();
CREATE OR REPLACE TRIGGER search_update AFTER UPDATE ON opportunities_opportunity
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_deal_written();
CREATE OR REPLACE TRIGGER search_delete AFTER DELETE ON opportunities_opportunity
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_deal_written();
CREATE OR REPLACE TRIGGER deals_update AFTER UPDATE ON contacts_company
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_company_written();
