-- inspector.sql - the registry of inspectors 执法检查人员名录库 (regulation 二(三))

-- name: inspector_put
-- Insert or change; row_version counts the changes.
-- in: code text, name text, department text, level text?, region text?, regions text?, skills text?, items text?,
--     cap_count i64, lead i64, state text, updated_us i64
INSERT INTO inspector (code, name, department, level, region, regions, skills, items, cap_count, lead, state,
    updated_us, row_version)
VALUES (:code, :name, :department, :level, :region, :regions, :skills, :items, :cap_count, :lead, :state, :updated_us, 1)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, department = excluded.department, level = excluded.level,
    region = excluded.region, regions = excluded.regions, skills = excluded.skills, items = excluded.items,
    cap_count = excluded.cap_count, lead = excluded.lead, state = excluded.state, updated_us = excluded.updated_us,
    row_version = inspector.row_version + 1;

-- name: inspector_get
-- in: code text
-- out: code text, name text, department text, level text?, region text?, regions text?, skills text?, items text?,
--     cap_count i64, lead i64, state text, updated_us i64, row_version i64
-- rows: one
SELECT code, name, department, level, region, regions, skills, items, cap_count, lead, state, updated_us, row_version
FROM inspector WHERE code = :code;

-- name: inspector_list
-- All inspectors by code; the register is small (thousands).
-- out: code text, name text, department text, level text?, region text?, regions text?, skills text?, items text?,
--     cap_count i64, lead i64, state text
-- rows: many
SELECT code, name, department, level, region, regions, skills, items, cap_count, lead, state
FROM inspector ORDER BY code;

-- name: inspector_certificate_put
-- in: inspector text, kind text, no text, issuer text?, valid_to_day i64
INSERT INTO inspector_certificate (inspector, kind, no, issuer, valid_to_day)
VALUES (:inspector, :kind, :no, :issuer, :valid_to_day)
ON CONFLICT (inspector, kind) DO UPDATE SET no = excluded.no, issuer = excluded.issuer,
    valid_to_day = excluded.valid_to_day;

-- name: inspector_certificate_get
-- in: inspector text, kind text
-- out: no text, issuer text?, valid_to_day i64
-- rows: one
SELECT no, issuer, valid_to_day FROM inspector_certificate WHERE inspector = :inspector AND kind = :kind;

-- name: inspector_certificate_list
-- out: inspector text, kind text, no text, valid_to_day i64
-- rows: many
SELECT inspector, kind, no, valid_to_day FROM inspector_certificate ORDER BY inspector, kind;

-- name: inspector_leave_put
-- in: inspector text, from_day i64, to_day i64, reason text?
INSERT INTO inspector_leave (inspector, from_day, to_day, reason) VALUES (:inspector, :from_day, :to_day, :reason)
ON CONFLICT (inspector, from_day) DO UPDATE SET to_day = excluded.to_day, reason = excluded.reason;

-- name: inspector_leave_get
-- in: inspector text, from_day i64
-- out: to_day i64, reason text?
-- rows: one
SELECT to_day, reason FROM inspector_leave WHERE inspector = :inspector AND from_day = :from_day;

-- name: inspector_leave_list
-- Leaves that touch a window.
-- in: from_day i64, to_day i64
-- out: inspector text, from_day i64, to_day i64
-- rows: many
SELECT inspector, from_day, to_day FROM inspector_leave
WHERE from_day <= :to_day AND to_day >= :from_day ORDER BY inspector, from_day;

-- name: inspector_recusal_put
-- A recusal 回避 once declared stays; the first declaration counts.
-- in: inspector text, target text, kind text, evidence text?, declared_us i64
INSERT INTO recusal (inspector, target, kind, evidence, declared_us)
VALUES (:inspector, :target, :kind, :evidence, :declared_us) ON CONFLICT (inspector, target) DO NOTHING;

-- name: inspector_recusal_get
-- in: inspector text, target text
-- out: kind text, declared_us i64
-- rows: one
SELECT kind, declared_us FROM recusal WHERE inspector = :inspector AND target = :target;

-- name: inspector_recusal_list
-- out: inspector text, target text, kind text
-- rows: many
SELECT inspector, target, kind FROM recusal ORDER BY inspector, target;

-- name: inspector_expired
-- Certificates that end before a day, of those at work: no certificate, no inspection.
-- in: day i64, limit i64
-- out: code text, kind text, valid_to_day i64
-- rows: many
SELECT i.code, q.kind, q.valid_to_day FROM inspector_certificate q JOIN inspector i ON i.code = q.inspector
WHERE q.valid_to_day < :day AND i.state = 'active' ORDER BY q.valid_to_day, i.code LIMIT :limit;

-- name: inspector_search
-- in: after text, words text?, department text?, own text?, state text?, limit i64
-- out: code text, name text, department text, level text?, region text?, skills text?, cap_count i64, lead i64, state text,
--     row_version i64, valid_to_day i64?
-- rows: many
SELECT i.code, i.name, i.department, i.level, i.region, i.skills, i.cap_count, i.lead, i.state, i.row_version,
    (SELECT min(q.valid_to_day) FROM inspector_certificate q WHERE q.inspector = i.code) AS valid_to_day
FROM inspector i
WHERE i.code > :after AND (:words IS NULL OR replace(i.code || ' ' || i.name, :words, '') <> i.code || ' ' || i.name)
  AND (:department IS NULL OR i.department = :department) AND (:own IS NULL OR i.department = :own)
  AND (:state IS NULL OR i.state = :state)
ORDER BY i.code LIMIT :limit;

-- name: inspector_certificates_of
-- in: inspector text
-- out: kind text, no text, issuer text?, valid_to_day i64
-- rows: many
SELECT kind, no, issuer, valid_to_day FROM inspector_certificate WHERE inspector = :inspector ORDER BY kind;

-- name: inspector_leaves_of
-- in: inspector text
-- out: from_day i64, to_day i64, reason text?
-- rows: many
SELECT from_day, to_day, reason FROM inspector_leave WHERE inspector = :inspector ORDER BY from_day;

-- name: inspector_recusals_of
-- in: inspector text
-- out: target text, kind text, declared_us i64
-- rows: many
SELECT target, kind, declared_us FROM recusal WHERE inspector = :inspector ORDER BY target;

-- name: inspector_expiring
-- Certificates that end before a day, of those at work, within the row scope.
-- in: day i64, own text?, limit i64
-- out: code text, name text, department text, kind text, valid_to_day i64
-- rows: many
SELECT i.code, i.name, i.department, q.kind, q.valid_to_day
FROM inspector_certificate q JOIN inspector i ON i.code = q.inspector
WHERE q.valid_to_day < :day AND i.state = 'active' AND (:own IS NULL OR i.department = :own)
ORDER BY q.valid_to_day, i.code LIMIT :limit;

-- name: inspector_withdraw
-- Taken back with the import that brought it; nothing may refer to it.
-- in: code text
DELETE FROM inspector WHERE code = :code;

-- name: inspector_certificate_withdraw
-- in: inspector text, kind text
DELETE FROM inspector_certificate WHERE inspector = :inspector AND kind = :kind;

-- name: inspector_leave_withdraw
-- in: inspector text, from_day i64
DELETE FROM inspector_leave WHERE inspector = :inspector AND from_day = :from_day;

-- name: inspector_recusal_withdraw
-- in: inspector text, target text
DELETE FROM recusal WHERE inspector = :inspector AND target = :target;

-- name: inspector_capacity
-- Places in one draw that a department's inspectors at work have: those with a certificate that is valid on a day.
-- in: department text, day i64
-- out: inspectors i64, places i64?
-- rows: one
SELECT count(*) AS inspectors, CAST(sum(i.cap_count) AS BIGINT) AS places FROM inspector i
WHERE i.department = :department AND i.state = 'active'
  AND EXISTS (SELECT 1 FROM inspector_certificate q WHERE q.inspector = i.code AND q.valid_to_day >= :day);
