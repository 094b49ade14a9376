-- expert.sql - experts 专家库: they assist and never count towards the two inspectors

-- name: expert_put
-- Insert or change; row_version counts the changes.
-- in: code text, name text, department text?, region text?, organisation text?, specialty text?, contract_no text?,
--     contract_from_day i64?, contract_to_day i64?, conflicts text?, state text, updated_us i64
INSERT INTO expert (code, name, department, region, organisation, specialty, contract_no, contract_from_day,
    contract_to_day, conflicts, state, updated_us, row_version)
VALUES (:code, :name, :department, :region, :organisation, :specialty, :contract_no, :contract_from_day,
    :contract_to_day, :conflicts, :state, :updated_us, 1)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, department = excluded.department, region = excluded.region,
    organisation = excluded.organisation, specialty = excluded.specialty, contract_no = excluded.contract_no,
    contract_from_day = excluded.contract_from_day, contract_to_day = excluded.contract_to_day,
    conflicts = excluded.conflicts, state = excluded.state, updated_us = excluded.updated_us,
    row_version = expert.row_version + 1;

-- name: expert_get
-- in: code text
-- out: code text, name text, department text?, region text?, organisation text?, specialty text?, contract_no text?,
--     contract_from_day i64?, contract_to_day i64?, conflicts text?, state text, state_reason text?, updated_us i64,
--     row_version i64
-- rows: one
SELECT code, name, department, region, organisation, specialty, contract_no, contract_from_day, contract_to_day, conflicts,
    state, state_reason, updated_us, row_version
FROM expert WHERE code = :code;

-- name: expert_state_put
-- in: code text, old_state text, new_state text, state_reason text, updated_us i64
-- changes: one
UPDATE expert SET state = :new_state, state_reason = :state_reason, row_version = row_version + 1, updated_us = :updated_us
WHERE code = :code AND state = :old_state;

-- name: expert_list
-- out: code text, name text, organisation text?, specialty text?, contract_to_day i64?, conflicts text?, state text
-- rows: many
SELECT code, name, organisation, specialty, contract_to_day, conflicts, state FROM expert ORDER BY code;

-- name: expert_search
-- A page of the register within the row scope; those without department or region are shared. ends_before: the contract ends
-- before this day. specialty: as JSON writes it, with its quotes.
-- in: after text, words text?, department text?, own text?, region_from text?, region_below text?, state text?,
--     specialty text?, ends_before i64?, limit i64
-- out: code text, name text, department text?, region text?, organisation text?, specialty text?, contract_to_day i64?,
--     conflicts text?, state text, row_version i64
-- rows: many
SELECT code, name, department, region, organisation, specialty, contract_to_day, conflicts, state, row_version FROM expert
WHERE code > :after
  AND (:words IS NULL OR replace(code || ' ' || name || ' ' || COALESCE(organisation, ' '), :words, '') <>
       code || ' ' || name || ' ' || COALESCE(organisation, ' '))
  AND (:department IS NULL OR department = :department)
  AND (:own IS NULL OR department IS NULL OR department = :own)
  AND (:region_from IS NULL OR region IS NULL OR (region >= :region_from AND region < :region_below))
  AND (:state IS NULL OR state = :state)
  AND (:specialty IS NULL OR replace(COALESCE(specialty, ' '), :specialty, '') <> COALESCE(specialty, ' '))
  AND (:ends_before IS NULL OR contract_to_day < :ends_before)
ORDER BY code LIMIT :limit;

-- name: expert_ending_count
-- Contracts of those in the register by level: over, 0 to 7, 8 to 30, 31 to 90 days left.
-- in: today i64, own text?, region_from text?, region_below text?
-- out: over i64, week i64, month i64, quarter i64
-- rows: one
SELECT count(CASE WHEN contract_to_day < :today THEN 1 END),
    count(CASE WHEN contract_to_day >= :today AND contract_to_day <= :today + 7 THEN 1 END),
    count(CASE WHEN contract_to_day > :today + 7 AND contract_to_day <= :today + 30 THEN 1 END),
    count(CASE WHEN contract_to_day > :today + 30 AND contract_to_day <= :today + 90 THEN 1 END)
FROM expert
WHERE state = 'active' AND (:own IS NULL OR department IS NULL OR department = :own)
  AND (:region_from IS NULL OR region IS NULL OR (region >= :region_from AND region < :region_below));

-- name: expert_withdraw
-- Taken back with the import that brought it.
-- in: code text
DELETE FROM expert WHERE code = :code;
