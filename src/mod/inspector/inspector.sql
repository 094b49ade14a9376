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
--     cap_count i64, lead i64, state text, state_reason text?, updated_us i64, row_version i64
-- rows: one
SELECT code, name, department, level, region, regions, skills, items, cap_count, lead, state, state_reason, updated_us,
    row_version
FROM inspector WHERE code = :code;

-- name: inspector_touch
-- Something that belongs to the inspector changed: a certificate, a leave, a recusal, a training.
-- in: code text, row_version i64, updated_us i64
-- changes: one
UPDATE inspector SET row_version = row_version + 1, updated_us = :updated_us
WHERE code = :code AND row_version = :row_version;

-- name: inspector_state_put
-- in: code text, old_state text, new_state text, state_reason text, updated_us i64
-- changes: one
UPDATE inspector SET state = :new_state, state_reason = :state_reason, row_version = row_version + 1,
    updated_us = :updated_us
WHERE code = :code AND state = :old_state;

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

-- name: inspector_by_certificate
-- Whose certificate bears this number.
-- in: no text
-- out: inspector text, kind text, no text, valid_to_day i64
-- rows: one
SELECT inspector, kind, no, valid_to_day FROM inspector_certificate WHERE no = :no ORDER BY valid_to_day DESC LIMIT 1;

-- name: inspector_certificate_delete
-- in: inspector text, kind text
-- changes: one
DELETE FROM inspector_certificate WHERE inspector = :inspector AND kind = :kind;

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

-- name: inspector_leave_delete
-- in: inspector text, from_day i64
-- changes: one
DELETE FROM inspector_leave WHERE inspector = :inspector AND from_day = :from_day;

-- name: inspector_leave_overlapping
-- A leave that shares a day with from_day..to_day, other than the one that begins on except_day.
-- in: inspector text, from_day i64, to_day i64, except_day i64?
-- out: from_day i64, to_day i64
-- rows: many
SELECT from_day, to_day FROM inspector_leave
WHERE inspector = :inspector AND from_day <= :to_day AND to_day >= :from_day
  AND (:except_day IS NULL OR from_day <> :except_day)
ORDER BY from_day LIMIT 1;

-- name: inspector_leave_list
-- Leaves that touch a window.
-- in: from_day i64, to_day i64
-- out: inspector text, from_day i64, to_day i64
-- rows: many
SELECT inspector, from_day, to_day FROM inspector_leave
WHERE from_day <= :to_day AND to_day >= :from_day ORDER BY inspector, from_day;

-- name: inspector_secondment_put
-- Lent for a task 借调; lent again after an end it is in force anew.
-- in: task text, inspector text, department text, anywhere i64, reason text, lent_us i64
-- changes: one
INSERT INTO secondment (task, inspector, department, anywhere, reason, lent_us)
VALUES (:task, :inspector, :department, :anywhere, :reason, :lent_us)
ON CONFLICT (task, inspector) DO UPDATE SET department = excluded.department, anywhere = excluded.anywhere,
    reason = excluded.reason, lent_us = excluded.lent_us, ended_us = NULL, end_reason = NULL
WHERE secondment.ended_us IS NOT NULL;

-- name: inspector_secondment_finish
-- in: task text, inspector text, ended_us i64, end_reason text
-- changes: one
UPDATE secondment SET ended_us = :ended_us, end_reason = :end_reason
WHERE task = :task AND inspector = :inspector AND ended_us IS NULL;

-- name: inspector_secondment_of_task
-- Those in force, by inspector.
-- in: task text
-- out: inspector text, name text, home text, department text, anywhere i64, reason text, lent_us i64
-- rows: many
SELECT s.inspector, i.name, i.department AS home, s.department, s.anywhere, s.reason, s.lent_us
FROM secondment s JOIN inspector i ON i.code = s.inspector WHERE s.task = :task AND s.ended_us IS NULL ORDER BY s.inspector;

-- name: inspector_secondments_of
-- in: inspector text, limit i64
-- out: task text, department text, anywhere i64, reason text, lent_us i64, ended_us i64?, end_reason text?
-- rows: many
SELECT task, department, anywhere, reason, lent_us, ended_us, end_reason FROM secondment
WHERE inspector = :inspector ORDER BY lent_us DESC, task LIMIT :limit;

-- name: inspector_recusal_put
-- A recusal 回避 once declared stays until it is ended with a reason; the first declaration counts.
-- in: inspector text, target text, kind text, evidence text?, declared_us i64
INSERT INTO recusal (inspector, target, kind, evidence, declared_us)
VALUES (:inspector, :target, :kind, :evidence, :declared_us) ON CONFLICT (inspector, target) DO NOTHING;

-- name: inspector_recusal_follow
-- What was declared about a duplicate holds for the target that is kept.
-- in: from_target text, to_target text
INSERT INTO recusal (inspector, target, kind, evidence, declared_us)
SELECT inspector, :to_target, kind, evidence, declared_us FROM recusal WHERE target = :from_target
ON CONFLICT (inspector, target) DO NOTHING;

-- name: inspector_recusal_get
-- in: inspector text, target text
-- out: kind text, declared_us i64, ended_us i64?
-- rows: one
SELECT kind, declared_us, ended_us FROM recusal WHERE inspector = :inspector AND target = :target;

-- name: inspector_recusal_again
-- One that was ended is declared anew.
-- in: inspector text, target text, kind text, evidence text, declared_us i64
-- changes: one
UPDATE recusal SET kind = :kind, evidence = :evidence, declared_us = :declared_us, ended_us = NULL, end_reason = NULL
WHERE inspector = :inspector AND target = :target AND ended_us IS NOT NULL;

-- name: inspector_recusal_finish
-- in: inspector text, target text, ended_us i64, end_reason text
-- changes: one
UPDATE recusal SET ended_us = :ended_us, end_reason = :end_reason
WHERE inspector = :inspector AND target = :target AND ended_us IS NULL;

-- name: inspector_recusal_list
-- Those in force.
-- out: inspector text, target text, kind text
-- rows: many
SELECT inspector, target, kind FROM recusal WHERE ended_us IS NULL ORDER BY inspector, target;

-- name: inspector_expired
-- Certificates that end before a day, of those at work: no certificate, no inspection.
-- in: day i64, limit i64
-- out: code text, kind text, valid_to_day i64
-- rows: many
SELECT i.code, q.kind, q.valid_to_day FROM inspector_certificate q JOIN inspector i ON i.code = q.inspector
WHERE q.valid_to_day < :day AND i.state = 'active' ORDER BY q.valid_to_day, i.code LIMIT :limit;

-- name: inspector_search
-- A page of the register within the row scope. skill: as JSON writes it, with its quotes. ends_before: some certificate ends
-- before this day. work_to_day: the last day of a certificate of enforcement. away_to_day: on leave today, until then.
-- in: after text, words text?, department text?, own text?, state text?, region_from text?, region_below text?, team text?,
--     skill text?, ends_before i64?, today i64, limit i64
-- out: code text, name text, department text, level text?, region text?, skills text?, cap_count i64, lead i64, state text,
--     row_version i64, valid_to_day i64?, work_to_day i64?, away_to_day i64?
-- rows: many
SELECT i.code, i.name, i.department, i.level, i.region, i.skills, i.cap_count, i.lead, i.state, i.row_version,
    (SELECT min(q.valid_to_day) FROM inspector_certificate q WHERE q.inspector = i.code) AS valid_to_day,
    (SELECT max(q.valid_to_day) FROM inspector_certificate q WHERE q.inspector = i.code AND q.kind <> 'technical')
        AS work_to_day,
    (SELECT max(l.to_day) FROM inspector_leave l
        WHERE l.inspector = i.code AND l.from_day <= :today AND l.to_day >= :today) AS away_to_day
FROM inspector i
WHERE i.code > :after AND (:words IS NULL OR replace(i.code || ' ' || i.name, :words, '') <> i.code || ' ' || i.name)
  AND (:department IS NULL OR i.department = :department) AND (:own IS NULL OR i.department = :own)
  AND (:region_from IS NULL OR (i.region >= :region_from AND i.region < :region_below))
  AND (:state IS NULL OR i.state = :state)
  AND (:skill IS NULL OR replace(COALESCE(i.skills, ' '), :skill, '') <> COALESCE(i.skills, ' '))
  AND (:team IS NULL OR EXISTS (SELECT 1 FROM inspector_team_member m WHERE m.team = :team AND m.inspector = i.code))
  AND (:ends_before IS NULL OR EXISTS (SELECT 1 FROM inspector_certificate q
        WHERE q.inspector = i.code AND q.valid_to_day < :ends_before))
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
-- out: target text, kind text, evidence text?, declared_us i64, ended_us i64?, end_reason text?
-- rows: many
SELECT target, kind, evidence, declared_us, ended_us, end_reason FROM recusal WHERE inspector = :inspector ORDER BY target;

-- name: inspector_expiring
-- Certificates that end before a day, of those at work, within the row scope.
-- in: day i64, own text?, region_from text?, region_below text?, limit i64
-- out: code text, name text, department text, region text?, kind text, valid_to_day i64
-- rows: many
SELECT i.code, i.name, i.department, i.region, q.kind, q.valid_to_day
FROM inspector_certificate q JOIN inspector i ON i.code = q.inspector
WHERE q.valid_to_day < :day AND i.state = 'active' AND (:own IS NULL OR i.department = :own)
  AND (:region_from IS NULL OR (i.region >= :region_from AND i.region < :region_below))
ORDER BY q.valid_to_day, i.code, q.kind LIMIT :limit;

-- name: inspector_expiring_count
-- The same by level: over, 0 to 7, 8 to 30, 31 to 90 days left.
-- in: today i64, own text?, region_from text?, region_below text?
-- out: over i64, week i64, month i64, quarter i64
-- rows: one
SELECT count(CASE WHEN q.valid_to_day < :today THEN 1 END),
    count(CASE WHEN q.valid_to_day >= :today AND q.valid_to_day <= :today + 7 THEN 1 END),
    count(CASE WHEN q.valid_to_day > :today + 7 AND q.valid_to_day <= :today + 30 THEN 1 END),
    count(CASE WHEN q.valid_to_day > :today + 30 AND q.valid_to_day <= :today + 90 THEN 1 END)
FROM inspector_certificate q JOIN inspector i ON i.code = q.inspector
WHERE i.state = 'active' AND (:own IS NULL OR i.department = :own)
  AND (:region_from IS NULL OR (i.region >= :region_from AND i.region < :region_below));

-- name: inspector_training_put
-- in: inspector text, id i64, name text, day i64, hours_count i64, organiser text?, result text
INSERT INTO inspector_training (inspector, id, name, day, hours_count, organiser, result)
VALUES (:inspector, :id, :name, :day, :hours_count, :organiser, :result);

-- name: inspector_training_delete
-- in: inspector text, id i64
-- changes: one
DELETE FROM inspector_training WHERE inspector = :inspector AND id = :id;

-- name: inspector_trainings_of
-- The latest first.
-- in: inspector text, limit i64
-- out: id i64, name text, day i64, hours_count i64, organiser text?, result text
-- rows: many
SELECT id, name, day, hours_count, organiser, result FROM inspector_training
WHERE inspector = :inspector ORDER BY day DESC, id DESC LIMIT :limit;

-- name: inspector_team_add
-- in: code text, name text, department text, region text?, lead text?, purpose text?, updated_us i64
INSERT INTO inspector_team (code, name, department, region, lead, purpose, updated_us, row_version)
VALUES (:code, :name, :department, :region, :lead, :purpose, :updated_us, 1);

-- name: inspector_team_update
-- in: code text, row_version i64, name text, region text?, lead text?, purpose text?, updated_us i64
-- changes: one
UPDATE inspector_team SET name = :name, region = :region, lead = :lead, purpose = :purpose, updated_us = :updated_us,
    row_version = row_version + 1
WHERE code = :code AND row_version = :row_version;

-- name: inspector_team_delete
-- in: code text, row_version i64
-- changes: one
DELETE FROM inspector_team WHERE code = :code AND row_version = :row_version;

-- name: inspector_team_get
-- in: code text
-- out: code text, name text, department text, region text?, lead text?, purpose text?, row_version i64
-- rows: one
SELECT code, name, department, region, lead, purpose, row_version FROM inspector_team WHERE code = :code;

-- name: inspector_team_list
-- Teams within the row scope, with how many of them could go out today: at work, a certificate of enforcement, no leave.
-- in: own text?, region_from text?, region_below text?, today i64, limit i64
-- out: code text, name text, department text, region text?, lead text?, lead_name text?, purpose text?, row_version i64,
--     members i64, ready i64
-- rows: many
SELECT t.code, t.name, t.department, t.region, t.lead, (SELECT i.name FROM inspector i WHERE i.code = t.lead) AS lead_name,
    t.purpose, t.row_version, (SELECT count(*) FROM inspector_team_member m WHERE m.team = t.code) AS members,
    (SELECT count(*) FROM inspector_team_member m JOIN inspector i ON i.code = m.inspector
        WHERE m.team = t.code AND i.state = 'active'
          AND EXISTS (SELECT 1 FROM inspector_certificate q WHERE q.inspector = i.code AND q.kind <> 'technical'
                AND q.valid_to_day >= :today)
          AND NOT EXISTS (SELECT 1 FROM inspector_leave l WHERE l.inspector = i.code AND l.from_day <= :today
                AND l.to_day >= :today)) AS ready
FROM inspector_team t
WHERE (:own IS NULL OR t.department = :own)
  AND (:region_from IS NULL OR (t.region >= :region_from AND t.region < :region_below))
ORDER BY t.department, t.code LIMIT :limit;

-- name: inspector_team_member_put
-- in: team text, inspector text
INSERT INTO inspector_team_member (team, inspector) VALUES (:team, :inspector) ON CONFLICT (team, inspector) DO NOTHING;

-- name: inspector_team_member_clear
-- in: team text
DELETE FROM inspector_team_member WHERE team = :team;

-- name: inspector_team_members
-- in: team text
-- out: code text, name text, state text, lead i64, skills text?
-- rows: many
SELECT i.code, i.name, i.state, i.lead, i.skills FROM inspector_team_member m JOIN inspector i ON i.code = m.inspector
WHERE m.team = :team ORDER BY i.code;

-- name: inspector_teams_of
-- in: inspector text
-- out: code text, name text
-- rows: many
SELECT t.code, t.name FROM inspector_team_member m JOIN inspector_team t ON t.code = m.team
WHERE m.inspector = :inspector ORDER BY t.code;

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
