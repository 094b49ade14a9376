-- enterprise.sql - what an enterprise asks of the office with its own account (regulation 二(五), 二(六))

-- name: enterprise_recusal_put
-- in: target text, id i64, visit i64, task text, department text, region text?, reason text, asked_us i64
INSERT INTO recusal_request (target, id, visit, task, department, region, reason, state, asked_us, row_version)
VALUES (:target, :id, :visit, :task, :department, :region, :reason, 'asked', :asked_us, 1);

-- name: enterprise_recusal_of
-- in: target text, visit i64, department text
-- out: id i64, reason text, state text, answer text?
-- rows: one
SELECT id, reason, state, answer FROM recusal_request WHERE target = :target AND visit = :visit AND department = :department;

-- name: enterprise_recusal_mine
-- in: target text
-- out: visit i64, department text, reason text, state text, answer text?, asked_us i64
-- rows: many
SELECT visit, department, reason, state, answer, asked_us FROM recusal_request WHERE target = :target ORDER BY id DESC LIMIT 100;

-- name: enterprise_recusal_get
-- in: target text, id i64
-- out: department text, region text?, state text
-- rows: one
SELECT department, region, state FROM recusal_request WHERE target = :target AND id = :id;

-- name: enterprise_recusal_page
-- Requests of a state within a row scope, the oldest first.
-- in: state text?, department text?, region text?, after_id i64, limit i64
-- out: target text, id i64, visit i64, task text, department text, reason text, state text, answer text?, asked_us i64,
--      row_version i64
-- rows: many
SELECT target, id, visit, task, department, reason, state, answer, asked_us, row_version
FROM recusal_request
WHERE id > :after_id AND (:state IS NULL OR state = :state) AND (:department IS NULL OR department = :department)
  AND (:region IS NULL OR substr(region, 1, length(:region)) = :region)
ORDER BY id LIMIT :limit;

-- name: enterprise_recusal_answer
-- in: target text, id i64, row_version i64, state text, answer text, answered_by text, answered_us i64
-- changes: one
UPDATE recusal_request SET state = :state, answer = :answer, answered_by = :answered_by, answered_us = :answered_us,
    row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'asked';
