-- objection.sql - objections 异议 to published results (regulation 二(六))

-- name: objection_put
-- in: target text, id i64, result i64, task text, item text, department text, region text?, channel text, content text,
--     publish i64, due_day i64?, received_us i64
INSERT INTO objection (target, id, result, task, item, department, region, channel, content, publish, state, due_day,
    received_us, row_version)
VALUES (:target, :id, :result, :task, :item, :department, :region, :channel, :content, :publish, 'received', :due_day,
    :received_us, 1);

-- name: objection_of
-- The objection to a result.
-- in: target text, result i64
-- out: id i64, content text, publish i64, state text, due_day i64?, outcome text?, answer text?, answered_us i64?, received_us i64
-- rows: one
SELECT id, content, publish, state, due_day, outcome, answer, answered_us, received_us
FROM objection WHERE target = :target AND result = :result;

-- name: objection_get
-- in: target text, id i64
-- out: target text, id i64, result i64, task text, item text, department text, region text?, state text, row_version i64
-- rows: one
SELECT target, id, result, task, item, department, region, state, row_version FROM objection WHERE target = :target AND id = :id;

-- name: objection_page
-- Objections of a state within a row scope, the oldest first: those that must be answered soonest.
-- in: state text?, department text?, region text?, after_id i64, limit i64
-- out: target text, id i64, result i64, task text, item text, department text, region text?, channel text, content text,
--      publish i64, state text, due_day i64?, outcome text?, answer text?, answered_us i64?, received_us i64, row_version i64
-- rows: many
SELECT target, id, result, task, item, department, region, channel, content, publish, state, due_day, outcome, answer,
    answered_us, received_us, row_version
FROM objection
WHERE id > :after_id AND (:state IS NULL OR state = :state) AND (:department IS NULL OR department = :department)
  AND (:region IS NULL OR substr(region, 1, length(:region)) = :region)
ORDER BY id LIMIT :limit;

-- name: objection_answer_put
-- in: target text, id i64, row_version i64, outcome text, answer text, answered_by text, answered_us i64
-- changes: one
UPDATE objection SET state = 'answered', outcome = :outcome, answer = :answer, answered_by = :answered_by,
    answered_us = :answered_us, row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'received';
