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
-- The visits between two days that count against the yearly caps, in the order of targets.
-- in: from_day i64, to_day i64
-- out: target text, draw text, mask i64
-- rows: many
SELECT target, draw, mask FROM visit
WHERE visited_day >= :from_day AND visited_day <= :to_day AND exempt IS NULL ORDER BY target;

-- name: visit_of
-- The visit of a task to a target.
-- in: target text, task text
-- out: target text, id i64, task text, draw text, attempt i64, state text, visited_day i64?, methods text?, remarks text?
-- rows: one
SELECT target, id, task, draw, attempt, state, visited_day, methods, remarks
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
-- out: target text, id i64, task text, draw text, attempt i64, state text, visited_day i64?, methods text?, remarks text?
-- rows: one
SELECT target, id, task, draw, attempt, state, visited_day, methods, remarks
FROM visit WHERE target = :target AND draw = :draw AND attempt = :attempt;
