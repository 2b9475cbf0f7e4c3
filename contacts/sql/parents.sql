-- No company stands above itself, also when two people join two chains in the same instant: whoever puts a company under
-- another waits for the one before, and then sees what was done. (A form says so first; this holds for whatever writes.)
CREATE OR REPLACE FUNCTION contacts_company_parent_is_no_loop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('contacts_company.parent_id'));
    IF EXISTS (
        WITH RECURSIVE above(id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT c.parent_id FROM contacts_company c JOIN above a ON c.id = a.id WHERE c.parent_id IS NOT NULL
        )
        SELECT FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'company % would stand above itself', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'company_parent_is_no_loop', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS company_parent_is_no_loop ON contacts_company;
CREATE TRIGGER company_parent_is_no_loop
    AFTER INSERT OR UPDATE OF parent_id ON contacts_company
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL)
    EXECUTE FUNCTION contacts_company_parent_is_no_loop();
