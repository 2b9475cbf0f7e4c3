-- A deal whose amount is the sum of its lines has it from them, whatever writes the lines: a form, an import, an undo.

-- How many decimals amounts of a currency have, two at most; the same as opportunities/totals.py.
CREATE OR REPLACE FUNCTION opportunities_decimals(currency text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN currency IN ('ISK', 'JPY', 'KRW', 'MGA', 'XAF', 'XOF', 'XPF') THEN 0 ELSE 2 END
$$;

-- Without VAT, each line rounded by itself, half up; NULL where there is none.
CREATE OR REPLACE FUNCTION opportunities_sum_of_lines(deal bigint, currency text) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT sum(round(l.quantity * l.price * (100 - l.discount) * 0.01, opportunities_decimals(currency)))
    FROM opportunities_dealline l WHERE l.opportunity_id = deal
$$;

CREATE OR REPLACE FUNCTION opportunities_lines_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE deals bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT opportunity_id) INTO deals FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT opportunity_id) INTO deals FROM old_rows;
    ELSE
        SELECT array_agg(DISTINCT opportunity_id) INTO deals
        FROM (SELECT opportunity_id FROM new_rows UNION SELECT opportunity_id FROM old_rows) AS both_rows;
    END IF;
    -- Locked first: the sum then sees what others wrote before.
    PERFORM 1 FROM opportunities_opportunity
    WHERE id = ANY(deals) AND amount_source = 'lines' ORDER BY id FOR NO KEY UPDATE;
    UPDATE opportunities_opportunity o SET amount = opportunities_sum_of_lines(o.id, o.currency)
    WHERE o.id = ANY(deals) AND o.amount_source = 'lines'
        AND o.amount IS DISTINCT FROM opportunities_sum_of_lines(o.id, o.currency);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER lines_insert AFTER INSERT ON opportunities_dealline
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_lines_written();
CREATE OR REPLACE TRIGGER lines_update AFTER UPDATE ON opportunities_dealline
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_lines_written();
CREATE OR REPLACE TRIGGER lines_delete AFTER DELETE ON opportunities_dealline
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_lines_written();

-- And when it becomes so, or its currency changes. Fires before deal_follows (in the order of names), which may not see that
-- the amount changed: the value in the company's currency is worked out here too.
CREATE OR REPLACE FUNCTION opportunities_amount_of_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.amount := opportunities_sum_of_lines(NEW.id, NEW.currency);
    NEW.base_amount := opportunities_base_amount(NEW.status, NEW.amount, NEW.won_amount, NEW.currency, NEW.closed_on);
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER deal_amount_of_lines BEFORE UPDATE OF amount, amount_source, currency
    ON opportunities_opportunity FOR EACH ROW WHEN (NEW.amount_source = 'lines')
    EXECUTE FUNCTION opportunities_amount_of_lines();
