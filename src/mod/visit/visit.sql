-- visit.sql - visits 检查: one per drawn target and task (regulation 二(五): 进一次门、查多项事)

-- name: visit_put
-- in: target text, id i64, task text, draw text, attempt i64, mask i64, exempt text?, code text
INSERT INTO visit (target, id, task, draw, attempt, mask, exempt, state, code, row_version)
VALUES (:target, :id, :task, :draw, :attempt, :mask, :exempt, 'assigned', :code, 1);

-- name: visit_by_code
-- The visit with this code, as visit_code_parse gives it.
-- in: code text
-- out: target text, id i64, task text, draw text, attempt i64, mask i64, exempt text?, state text, visited_day i64?, code text, row_version i64
-- rows: one
SELECT target, id, task, draw, attempt, mask, exempt, state, visited_day, code, row_version
FROM visit WHERE code = :code ORDER BY target, id LIMIT 1;

-- name: visit_get
-- One visit.
-- in: target text, id i64
-- out: target text, id i64, task text, draw text, attempt i64, mask i64, exempt text?, state text, visited_day i64?, code text, row_version i64
-- rows: one
SELECT target, id, task, draw, attempt, mask, exempt, state, visited_day, code, row_version
FROM visit WHERE target = :target AND id = :id;

-- name: visit_join
-- Further departments go along.
-- in: target text, id i64, mask i64
UPDATE visit SET mask = mask | :mask, row_version = row_version + 1 WHERE target = :target AND id = :id;

-- name: visit_counted
-- The visits between two days that count against the yearly caps, in the order of targets; those made together have one door.
-- in: from_day i64, to_day i64
-- out: target text, draw text, mask i64, door i64
-- rows: many
SELECT target, draw, mask, COALESCE(joint, id) AS door FROM visit
WHERE visited_day >= :from_day AND visited_day <= :to_day AND exempt IS NULL ORDER BY target, door;

-- name: visit_of
-- The visit of a task to a target.
-- in: target text, task text
-- out: target text, id i64, task text, draw text, attempt i64, state text, visited_day i64?, methods text?, remarks text?, joint i64?
-- rows: one
SELECT target, id, task, draw, attempt, state, visited_day, methods, remarks, joint
FROM visit WHERE task = :task AND target = :target ORDER BY id DESC LIMIT 1;

-- name: visit_list
-- Visits of a task in the order of targets, after one.
-- in: task text, after text, limit_count i64
-- out: target text, id i64, draw text, attempt i64, state text, visited_day i64?
-- rows: many
SELECT target, id, draw, attempt, state, visited_day
FROM visit WHERE task = :task AND target > :after ORDER BY target LIMIT :limit_count;

-- name: visit_move
-- Compare-and-set of the state.
-- in: target text, id i64, old_state text, new_state text, visited_day i64?, methods text?
-- changes: one
UPDATE visit SET state = :new_state, visited_day = COALESCE(:visited_day, visited_day),
    methods = COALESCE(:methods, methods), row_version = row_version + 1
WHERE target = :target AND id = :id AND state = :old_state;

-- name: visit_forget
-- A voided draw takes back the visits that nobody has begun.
-- in: draw text, attempt i64, task text
DELETE FROM visit WHERE task = :task AND draw = :draw AND attempt = :attempt AND state = 'assigned';

-- name: visit_of_draw
-- The visit to a drawn target.
-- in: target text, draw text, attempt i64
-- out: target text, id i64, task text, draw text, attempt i64, state text, visited_day i64?, methods text?, remarks text?, joint i64?
-- rows: one
SELECT target, id, task, draw, attempt, state, visited_day, methods, remarks, joint
FROM visit WHERE target = :target AND draw = :draw AND attempt = :attempt;

-- name: visit_open_beside
-- The visits that nobody has begun at the targets of a task, that of the task and those of others; by target.
-- in: task text, target text?
-- out: target text, id i64, task text, mask i64, draw text, attempt i64
-- rows: many
SELECT v.target, v.id, v.task, v.mask, v.draw, v.attempt FROM visit w JOIN visit v ON v.target = w.target
WHERE w.task = :task AND (:target IS NULL OR w.target = :target) AND w.joint IS NULL AND w.state IN ('assigned', 'noticed')
  AND v.joint IS NULL AND v.state IN ('assigned', 'noticed')
ORDER BY v.target, v.id;

-- name: visit_unite
-- A visit that nobody has begun is made together with others.
-- in: target text, id i64, joint i64
-- changes: one
UPDATE visit SET joint = :joint, row_version = row_version + 1
WHERE target = :target AND id = :id AND joint IS NULL AND state IN ('assigned', 'noticed');

-- name: visit_together
-- A visit and those that are made together with it, by task: one door, the items of all of them.
-- in: target text, task text
-- out: id i64, task text, draw text, attempt i64, mask i64, state text, visited_day i64?, joint i64?
-- rows: many
SELECT v.id, v.task, v.draw, v.attempt, v.mask, v.state, v.visited_day, v.joint FROM visit v
WHERE v.target = :target AND (v.task = :task OR v.joint IN (SELECT w.joint FROM visit w WHERE w.target = :target AND w.task = :task))
ORDER BY v.task, v.id;

-- name: visit_door_used
-- Has one of the visits made together been counted already?
-- in: target text, joint i64
-- out: count i64
-- rows: one
SELECT COUNT(*) AS count FROM visit WHERE target = :target AND joint = :joint AND state = 'submitted';

-- name: visit_joined
-- The visits of one merging.
-- in: target text, joint i64
-- out: id i64, task text, state text, visited_day i64?
-- rows: many
SELECT id, task, state, visited_day FROM visit WHERE target = :target AND joint = :joint ORDER BY task;

-- name: visit_of_target
-- The visits to a target, the newest first.
-- in: target text, limit i64
-- out: id i64, task text, draw text, attempt i64, mask i64, exempt text?, state text, visited_day i64?, code text
-- rows: many
SELECT id, task, draw, attempt, mask, exempt, state, visited_day, code
FROM visit WHERE target = :target ORDER BY id DESC LIMIT :limit;
