-- task.sql - tasks of checks 抽查任务 (regulation 二(四), 二(五))

-- name: task_put
-- A new task, as a draft.
-- in: code text, plan text?, line i64?, adhoc_reason text?, name text, directed i64, items text, scope text, strata text, lead text, participants text, from_day i64, to_day i64, cap_exempt text?, created_us i64, created_by text
INSERT INTO task (code, plan, line, adhoc_reason, name, directed, items, scope, strata, lead, participants, from_day,
    to_day, cap_exempt, state, created_us, created_by, row_version)
VALUES (:code, :plan, :line, :adhoc_reason, :name, :directed, :items, :scope, :strata, :lead, :participants, :from_day,
    :to_day, :cap_exempt, 'draft', :created_us, :created_by, 1);

-- name: task_get
-- One task by its code.
-- in: code text
-- out: code text, plan text?, line i64?, adhoc_reason text?, name text, directed i64, items text, scope text, strata text, lead text, participants text, from_day i64, to_day i64, cap_exempt text?, state text, created_us i64, created_by text?, row_version i64
-- rows: one
SELECT code, plan, line, adhoc_reason, name, directed, items, scope, strata, lead, participants, from_day, to_day,
    cap_exempt, state, created_us, created_by, row_version
FROM task WHERE code = :code;

-- name: task_list
-- Tasks in the order of their codes, after a given one.
-- in: after text, limit_count i64
-- out: code text, plan text?, line i64?, adhoc_reason text?, name text, directed i64, items text, scope text, strata text, lead text, participants text, from_day i64, to_day i64, cap_exempt text?, state text, created_us i64, row_version i64
-- rows: many
SELECT code, plan, line, adhoc_reason, name, directed, items, scope, strata, lead, participants, from_day, to_day,
    cap_exempt, state, created_us, row_version
FROM task WHERE code > :after ORDER BY code LIMIT :limit_count;

-- name: task_last_code
-- The largest code between two bounds (a region and a date), for the next number.
-- in: from_code text, to_code text
-- out: code text
-- rows: one
SELECT code FROM task WHERE code >= :from_code AND code <= :to_code ORDER BY code DESC LIMIT 1;

-- name: task_move
-- Compare-and-set of the state.
-- in: code text, old_state text, new_state text
-- changes: one
UPDATE task SET state = :new_state, row_version = row_version + 1 WHERE code = :code AND state = :old_state;

-- name: task_search
-- Tasks, newest code first, below a given one. own: the department's, with its entry as it stands in participants.
-- in: below text, words text?, state text?, lead text?, plan text?, own text?, own_entry text?, region text?, limit i64
-- out: code text, plan text?, line i64?, adhoc_reason text?, name text, directed i64, items text, lead text, participants text, from_day i64, to_day i64, state text, created_us i64, row_version i64
-- rows: many
SELECT code, plan, line, adhoc_reason, name, directed, items, lead, participants, from_day, to_day, state, created_us,
    row_version
FROM task
WHERE code < :below
  AND (:words IS NULL OR replace(code || ' ' || name, :words, '') <> code || ' ' || name)
  AND (:state IS NULL OR state = :state) AND (:lead IS NULL OR lead = :lead) AND (:plan IS NULL OR plan = :plan)
  AND (:own IS NULL OR lead = :own OR replace(participants, :own_entry, '') <> participants)
  AND (:region IS NULL OR substr(code, 1, length(:region)) = :region)
ORDER BY code DESC LIMIT :limit;
