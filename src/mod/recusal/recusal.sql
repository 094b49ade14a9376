-- recusal.sql - requests that an inspector steps back 申请回避 (regulation 二(五))

-- name: recusal_put
-- in: target text, id i64, visit i64, task text, department text, region text?, source text, whom text, reason text, due_day i64?,
--     asked_us i64
INSERT INTO recusal_request (target, id, visit, task, department, region, source, whom, reason, state, due_day, asked_us, row_version)
VALUES (:target, :id, :visit, :task, :department, :region, :source, :whom, :reason, 'asked', :due_day, :asked_us, 1);

-- name: recusal_same
-- What was asked before about the same person (or "-") of a department at one visit.
-- in: target text, visit i64, department text, whom text
-- out: id i64, reason text, state text, answer text?
-- rows: one
SELECT id, reason, state, answer FROM recusal_request
WHERE target = :target AND visit = :visit AND department = :department AND whom = :whom;

-- name: recusal_of_target
-- in: target text
-- out: visit i64, department text, source text, whom text, reason text, state text, answer text?, substitute text?, asked_us i64
-- rows: many
SELECT visit, department, source, whom, reason, state, answer, substitute, asked_us
FROM recusal_request WHERE target = :target ORDER BY id DESC LIMIT 100;

-- name: recusal_get
-- in: target text, id i64
-- out: visit i64, task text, department text, region text?, source text, whom text, reason text, state text
-- rows: one
SELECT visit, task, department, region, source, whom, reason, state FROM recusal_request WHERE target = :target AND id = :id;

-- name: recusal_page
-- Requests of a state within a row scope, the oldest first.
-- in: state text?, department text?, region text?, after_id i64, limit i64
-- out: target text, id i64, visit i64, task text, department text, source text, whom text, reason text, state text, due_day i64?,
--      answer text?, inspector text?, substitute text?, answered_by text?, answered_us i64?, asked_us i64, row_version i64
-- rows: many
SELECT target, id, visit, task, department, source, whom, reason, state, due_day, answer, inspector, substitute, answered_by,
    answered_us, asked_us, row_version
FROM recusal_request
WHERE id > :after_id AND (:state IS NULL OR state = :state) AND (:department IS NULL OR department = :department)
  AND (:region IS NULL OR substr(region, 1, length(:region)) = :region)
ORDER BY id LIMIT :limit;

-- name: recusal_waiting
-- How many wait for an answer, and how many of them since before a day.
-- in: department text?, region text?, today i64
-- out: open i64, late i64
-- rows: one
SELECT count(*) AS open, count(CASE WHEN due_day < :today THEN 1 END) AS late FROM recusal_request
WHERE state = 'asked' AND (:department IS NULL OR department = :department)
  AND (:region IS NULL OR substr(region, 1, length(:region)) = :region);

-- name: recusal_close
-- in: target text, id i64, row_version i64, state text, answer text, inspector text?, substitute text?, answered_by text,
--     answered_us i64
-- changes: one
UPDATE recusal_request SET state = :state, answer = :answer, inspector = :inspector, substitute = :substitute,
    answered_by = :answered_by, answered_us = :answered_us, row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'asked';
