-- What the database sees to itself, whatever writes a deal: a form, COPY, an undo, raw SQL.

-- What one unit of a currency is worth in the company's own on a day: 1 for that itself, NULL where no rate is known.
CREATE OR REPLACE FUNCTION opportunities_rate(asked text, day date) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN o.currency = asked THEN 1 ELSE (
        SELECT r.rate FROM opportunities_exchangerate r
        WHERE r.currency = asked AND r.base = o.currency AND r.since <= day ORDER BY r.since DESC LIMIT 1
    ) END FROM records_organisation o WHERE o.id = 1
$$;

-- A deal's value in the company's currency, to the cent: what was signed if it was won, else what is or was expected. At the
-- rate of the day it was closed, of open ones at today's.
CREATE OR REPLACE FUNCTION opportunities_base_amount(status text, amount numeric, won numeric, currency text, closed date)
RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT round(
        CASE WHEN status = 'won' THEN coalesce(won, amount) ELSE amount END
        * opportunities_rate(currency, coalesce(closed, current_date)), 2)
$$;

-- Status and pipeline are those of the stage. No deal comes into a stage that was removed, an undo or an import included;
-- whoever removes one at this very moment is waited for.
CREATE OR REPLACE FUNCTION opportunities_deal_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_live boolean := true;
BEGIN
    IF TG_OP = 'INSERT' OR NEW.stage_id IS DISTINCT FROM OLD.stage_id THEN
        SELECT s.pipeline_id, s.status, s.is_active INTO NEW.pipeline_id, NEW.status, is_live
        FROM opportunities_stage s WHERE s.id = NEW.stage_id FOR KEY SHARE;
    ELSE
        SELECT s.pipeline_id, s.status INTO NEW.pipeline_id, NEW.status
        FROM opportunities_stage s WHERE s.id = NEW.stage_id;
    END IF;
    IF NOT is_live THEN
        RAISE EXCEPTION 'stage % was removed', NEW.stage_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deal_stage_is_live';
    END IF;
    NEW.base_amount := opportunities_base_amount(NEW.status, NEW.amount, NEW.won_amount, NEW.currency, NEW.closed_on);
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER deal_follows
    BEFORE INSERT OR UPDATE OF stage_id, pipeline_id, status, amount, won_amount, currency, closed_on, base_amount
    ON opportunities_opportunity FOR EACH ROW EXECUTE FUNCTION opportunities_deal_follows();

-- Values are worked out anew when a rate is added, changed or taken away, and when the company changes its currency.
CREATE OR REPLACE FUNCTION opportunities_rates_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE opportunities_opportunity SET base_amount = NULL WHERE currency IN (SELECT currency FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE opportunities_opportunity SET base_amount = NULL WHERE currency IN (SELECT currency FROM old_rows);
    ELSE
        UPDATE opportunities_opportunity SET base_amount = NULL
        WHERE currency IN (SELECT currency FROM new_rows UNION SELECT currency FROM old_rows);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rates_insert AFTER INSERT ON opportunities_exchangerate
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_rates_written();
CREATE OR REPLACE TRIGGER rates_update AFTER UPDATE ON opportunities_exchangerate
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_rates_written();
CREATE OR REPLACE TRIGGER rates_delete AFTER DELETE ON opportunities_exchangerate
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION opportunities_rates_written();

CREATE OR REPLACE FUNCTION opportunities_currency_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE opportunities_opportunity SET base_amount = NULL;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER opportunities_currency_changed AFTER UPDATE OF currency ON records_organisation
    FOR EACH ROW WHEN (OLD.currency IS DISTINCT FROM NEW.currency) EXECUTE FUNCTION opportunities_currency_changed();

-- What the state of deals now adds to their dated rows, as of a moment: nothing where the last row says the same. It is the
-- one writer of what follows from a change that names no day of its own (opportunities/changes.py). What is told of a day
-- before the last row took effect comes right behind it: the last row is always what the deal is now.
CREATE OR REPLACE FUNCTION opportunities_note_changes(ids bigint[], moment timestamptz, who bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH present AS MATERIALIZED (
        SELECT o.id, o.stage_id, o.owner_id, o.team_id, o.currency, o.expected_on, o.category,
            CASE WHEN o.status = 'won' THEN coalesce(o.won_amount, o.amount) ELSE o.amount END AS amount,
            CASE WHEN o.probability_source = 'typed' THEN o.probability END AS probability,
            last.stage_id AS old_stage, last.opportunity_id IS NULL AS is_new,
            greatest(moment, last.effective_at + interval '1 microsecond') AS at,
            array_remove(ARRAY[
                CASE WHEN last.amount IS DISTINCT FROM
                    CASE WHEN o.status = 'won' THEN coalesce(o.won_amount, o.amount) ELSE o.amount END
                    OR last.currency IS DISTINCT FROM o.currency THEN 'amount' END,
                CASE WHEN last.expected_on IS DISTINCT FROM o.expected_on THEN 'expected_on' END,
                CASE WHEN last.owner_id IS DISTINCT FROM o.owner_id OR last.team_id IS DISTINCT FROM o.team_id
                    THEN 'owner' END,
                CASE WHEN last.category IS DISTINCT FROM o.category THEN 'category' END,
                CASE WHEN last.probability IS DISTINCT FROM
                    CASE WHEN o.probability_source = 'typed' THEN o.probability END THEN 'probability' END
            ], NULL) AS fields
        FROM opportunities_opportunity o
        LEFT JOIN LATERAL (
            SELECT * FROM (
                (SELECT s.id, 1 AS kind, s.opportunity_id, s.effective_at, s.stage_id, s.owner_id, s.team_id, s.amount,
                    s.currency, s.expected_on, s.category, s.probability
                 FROM opportunities_stagechange s WHERE s.opportunity_id = o.id
                 ORDER BY s.effective_at DESC, s.id DESC LIMIT 1)
                UNION ALL
                (SELECT d.id, 2, d.opportunity_id, d.effective_at, d.stage_id, d.owner_id, d.team_id, d.amount,
                    d.currency, d.expected_on, d.category, d.probability
                 FROM opportunities_dealchange d WHERE d.opportunity_id = o.id
                 ORDER BY d.effective_at DESC, d.id DESC LIMIT 1)
            ) AS rows ORDER BY effective_at DESC, kind DESC LIMIT 1
        ) AS last ON true
        WHERE o.id = ANY(ids)
    ), moved AS (
        INSERT INTO opportunities_stagechange (opportunity_id, effective_at, by_id, from_stage_id, stage_id, owner_id, team_id,
            amount, currency, expected_on, category, probability)
        SELECT id, at, who, old_stage, stage_id, owner_id, team_id, amount, currency, expected_on, category, probability
        FROM present WHERE is_new OR old_stage <> stage_id ORDER BY id
    )
    INSERT INTO opportunities_dealchange (opportunity_id, effective_at, by_id, fields, stage_id, owner_id, team_id,
        amount, currency, expected_on, category, probability)
    SELECT id, at, who, to_jsonb(fields), stage_id, owner_id, team_id, amount, currency, expected_on, category, probability
    FROM present WHERE NOT is_new AND fields <> '{}' ORDER BY id;
END $$;
