-- dictionary.sql - dictionaries 字典 in versions: what was handed in, what is in force, what was before

-- name: dictionary_put
-- in: dict text, version i64, base i64, content text, rows_count i64, proposed_by text, proposed_us i64
INSERT INTO dictionary (dict, version, base, state, content, rows_count, reason, proposed_by, proposed_us, decided_by,
    decided_us)
VALUES (:dict, :version, :base, 'proposed', :content, :rows_count, NULL, :proposed_by, :proposed_us, NULL, NULL);

-- name: dictionary_get
-- in: dict text, version i64
-- out: version i64, base i64, state text, content text, rows_count i64, reason text?, proposed_by text, proposed_us i64,
--     decided_by text?, decided_us i64?
-- rows: one
SELECT version, base, state, content, rows_count, reason, proposed_by, proposed_us, decided_by, decided_us
FROM dictionary WHERE dict = :dict AND version = :version;

-- name: dictionary_in_force
-- The number of the version in force, 0 when there is none.
-- in: dict text
-- out: version i64
-- rows: one
SELECT COALESCE(MAX(version), 0) FROM dictionary WHERE dict = :dict AND state = 'effective';

-- name: dictionary_newest
-- in: dict text
-- out: version i64
-- rows: one
SELECT COALESCE(MAX(version), 0) FROM dictionary WHERE dict = :dict;

-- name: dictionary_history
-- All versions, the newest first, without their content.
-- in: dict text
-- out: version i64, base i64, state text, rows_count i64, reason text?, proposed_by text, proposed_us i64,
--     decided_by text?, decided_us i64?
-- rows: many
SELECT version, base, state, rows_count, reason, proposed_by, proposed_us, decided_by, decided_us
FROM dictionary WHERE dict = :dict ORDER BY version DESC;

-- name: dictionary_decide
-- A proposal takes effect or is withdrawn.
-- in: dict text, version i64, state text, reason text, decided_by text, decided_us i64
-- changes: one
UPDATE dictionary SET state = :state, reason = :reason, decided_by = :decided_by, decided_us = :decided_us
WHERE dict = :dict AND version = :version AND state = 'proposed';

-- name: dictionary_supersede
-- Whatever was in force before this version no longer is.
-- in: dict text, version i64
UPDATE dictionary SET state = 'superseded' WHERE dict = :dict AND state = 'effective' AND version <> :version;

-- name: dictionary_waiting
-- How many proposals wait for a decision.
-- out: count i64
-- rows: one
SELECT COUNT(*) FROM dictionary WHERE state = 'proposed';
