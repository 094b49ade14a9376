-- expert.sql - experts 专家库: they assist and never count towards the two inspectors

-- name: expert_put
-- in: code text, name text, organisation text?, specialty text?, contract_to_day i64?, conflicts text?, state text,
--     updated_us i64
INSERT INTO expert (code, name, organisation, specialty, contract_to_day, conflicts, state, updated_us)
VALUES (:code, :name, :organisation, :specialty, :contract_to_day, :conflicts, :state, :updated_us)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, organisation = excluded.organisation,
    specialty = excluded.specialty, contract_to_day = excluded.contract_to_day, conflicts = excluded.conflicts,
    state = excluded.state, updated_us = excluded.updated_us;

-- name: expert_get
-- in: code text
-- out: code text, name text, organisation text?, specialty text?, contract_to_day i64?, conflicts text?, state text
-- rows: one
SELECT code, name, organisation, specialty, contract_to_day, conflicts, state FROM expert WHERE code = :code;

-- name: expert_list
-- out: code text, name text, organisation text?, specialty text?, contract_to_day i64?, conflicts text?, state text
-- rows: many
SELECT code, name, organisation, specialty, contract_to_day, conflicts, state FROM expert ORDER BY code;

-- name: expert_search
-- in: words text?, state text?
-- out: code text, name text, organisation text?, specialty text?, contract_to_day i64?, conflicts text?, state text
-- rows: many
SELECT code, name, organisation, specialty, contract_to_day, conflicts, state FROM expert
WHERE (:words IS NULL OR replace(code || ' ' || name || ' ' || COALESCE(organisation, ''), :words, '') <>
       code || ' ' || name || ' ' || COALESCE(organisation, ''))
  AND (:state IS NULL OR state = :state)
ORDER BY code LIMIT 1000;

-- name: expert_withdraw
-- Taken back with the import that brought it.
-- in: code text
DELETE FROM expert WHERE code = :code;
