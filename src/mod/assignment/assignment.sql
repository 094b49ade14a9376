-- assignment.sql - matching of inspectors 匹配检查人员 (docs/spec/match-1.md)

-- name: assignment_staffing_put
-- A pool is frozen once per attempt of a draw.
-- in: draw text, attempt i64, staff_digest text, frozen_us i64
INSERT INTO staffing (draw, attempt, staff_digest, state, frozen_us)
VALUES (:draw, :attempt, :staff_digest, 'frozen', :frozen_us);

-- name: assignment_staffing_seal
-- The digest of staff.txt, once its documents are durable.
-- in: draw text, attempt i64, staff_digest text
-- changes: one
UPDATE staffing SET staff_digest = :staff_digest WHERE draw = :draw AND attempt = :attempt AND staff_digest = '-';

-- name: assignment_staffing
-- in: draw text, attempt i64
-- out: staff_digest text, match_seed text?, owners_digest text?, state text, diagnosis text?, assigned_us i64?
-- rows: one
SELECT staff_digest, match_seed, owners_digest, state, diagnosis, assigned_us FROM staffing WHERE draw = :draw AND attempt = :attempt;

-- name: assignment_staffing_move
-- Frozen becomes assigned or infeasible, once.
-- in: draw text, attempt i64, state text, match_seed text, owners_digest text, diagnosis text?, assigned_us i64
-- changes: one
UPDATE staffing SET state = :state, match_seed = :match_seed, owners_digest = :owners_digest, diagnosis = :diagnosis,
    assigned_us = :assigned_us
WHERE draw = :draw AND attempt = :attempt AND state = 'frozen';

-- name: assignment_put
-- in: target text, draw text, attempt i64, department text, inspector text, role text, rank i64
INSERT INTO assignment (target, draw, attempt, department, inspector, role, rank)
VALUES (:target, :draw, :attempt, :department, :inspector, :role, :rank);

-- name: assignment_list
-- Everyone named for one target, the team first.
-- in: target text, draw text, attempt i64
-- out: department text, inspector text, role text, rank i64
-- rows: many
SELECT department, inspector, role, rank FROM assignment
WHERE target = :target AND draw = :draw AND attempt = :attempt ORDER BY department, rank, inspector;

-- name: assignment_teams
-- The teams of a draw in the order of targets.
-- in: draw text, attempt i64
-- out: target text, department text, inspector text, role text
-- rows: many
SELECT target, department, inspector, role FROM assignment
WHERE draw = :draw AND attempt = :attempt AND role IN ('lead', 'member') ORDER BY target, department, role, inspector;

-- name: assignment_loads
-- How many places each inspector has in a draw: for the balance, never for a ranking.
-- in: draw text, attempt i64
-- out: inspector text, place_count i64
-- rows: many
SELECT inspector, COUNT(*) AS place_count FROM assignment
WHERE draw = :draw AND attempt = :attempt AND role IN ('lead', 'member') GROUP BY inspector ORDER BY inspector;

-- name: assignment_last
-- Who was at a target last time: the teams of its latest draw.
-- out: inspector text, target text
-- rows: many
SELECT DISTINCT a.inspector, a.target FROM assignment a
WHERE a.role IN ('lead', 'member') AND NOT EXISTS (SELECT 1 FROM assignment b WHERE b.target = a.target
    AND (b.draw > a.draw OR (b.draw = a.draw AND b.attempt > a.attempt)))
ORDER BY a.inspector, a.target;

-- name: assignment_role
-- Compare-and-set of a role.
-- in: target text, draw text, attempt i64, department text, inspector text, old_role text, new_role text, rank i64
-- changes: one
UPDATE assignment SET role = :new_role, rank = :rank
WHERE target = :target AND draw = :draw AND attempt = :attempt AND department = :department AND inspector = :inspector
    AND role = :old_role;

-- name: assignment_forget
-- A voided draw has no teams.
-- in: draw text, attempt i64
DELETE FROM assignment WHERE draw = :draw AND attempt = :attempt;

-- name: assignment_replacement_put
-- in: target text, draw text, attempt i64, department text, inspector text, substitute text, rank i64, passed text?, reason text,
--     evidence text, approver text, replaced_us i64
INSERT INTO replacement (target, draw, attempt, department, inspector, substitute, rank, passed, reason, evidence, approver,
    replaced_us)
VALUES (:target, :draw, :attempt, :department, :inspector, :substitute, :rank, :passed, :reason, :evidence, :approver, :replaced_us);

-- name: assignment_replacement_list
-- in: target text, draw text, attempt i64
-- out: department text, inspector text, substitute text, rank i64, passed text?, reason text, approver text, replaced_us i64
-- rows: many
SELECT department, inspector, substitute, rank, passed, reason, approver, replaced_us FROM replacement
WHERE target = :target AND draw = :draw AND attempt = :attempt ORDER BY replaced_us, inspector;

-- name: assignment_of_inspector
-- The draws an inspector was matched in, the latest first, with the places taken: a load, never a ranking.
-- in: inspector text, limit i64
-- out: draw text, attempt i64, places i64, reserves i64, recused i64
-- rows: many
SELECT draw, attempt, count(CASE WHEN role IN ('lead', 'member') THEN 1 END), count(CASE WHEN role = 'reserve' THEN 1 END),
    count(CASE WHEN role = 'recused' THEN 1 END)
FROM assignment WHERE inspector = :inspector GROUP BY draw, attempt ORDER BY draw DESC, attempt DESC LIMIT :limit;

-- name: assignment_confirmation_put
-- in: draw text, attempt i64, department text, confirmed_us i64
INSERT INTO confirmation (draw, attempt, department, confirmed_us) VALUES (:draw, :attempt, :department, :confirmed_us);

-- name: assignment_confirmation_list
-- in: draw text, attempt i64
-- out: department text, confirmed_us i64
-- rows: many
SELECT department, confirmed_us FROM confirmation WHERE draw = :draw AND attempt = :attempt ORDER BY department;

-- name: assignment_teams_of
-- The departments with a team in a draw.
-- in: draw text, attempt i64
-- out: department text, target_count i64
-- rows: many
SELECT department, COUNT(DISTINCT target) AS target_count FROM assignment
WHERE draw = :draw AND attempt = :attempt AND role IN ('lead', 'member') GROUP BY department ORDER BY department;

-- name: assignment_places_of
-- The places that an inspector has in teams, the latest draws first.
-- in: inspector text, limit i64
-- out: target text, draw text, attempt i64, department text, role text
-- rows: many
SELECT target, draw, attempt, department, role FROM assignment
WHERE inspector = :inspector AND role IN ('lead', 'member') ORDER BY draw DESC, attempt DESC, target LIMIT :limit;
