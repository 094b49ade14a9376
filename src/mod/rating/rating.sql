-- rating.sql - anonymous ratings of visits 检查评价 (docs/spec/rating-1.md)

-- name: rating_claim_put
-- The visit has its token. Once.
-- in: target text, visit i64
INSERT INTO rating_claim (target, visit) VALUES (:target, :visit);

-- name: rating_claim_get
-- in: target text, visit i64
-- out: visit i64
-- rows: one
SELECT visit FROM rating_claim WHERE target = :target AND visit = :visit;

-- name: rating_slot_add
-- in: task text, slot i64
INSERT INTO rating_slot (task, slot, token_hash, used) VALUES (:task, :slot, NULL, 0) ON CONFLICT (task, slot) DO NOTHING;

-- name: rating_slots
-- How many places a task has, and how many are free.
-- in: task text
-- out: slots i64, free_count i64
-- rows: one
SELECT COUNT(*) AS slots, COUNT(*) - COUNT(token_hash) AS free_count FROM rating_slot WHERE task = :task;

-- name: rating_slot_free
-- The free place number :nth, from 0.
-- in: task text, nth i64
-- out: slot i64
-- rows: one
SELECT slot FROM rating_slot WHERE task = :task AND token_hash IS NULL ORDER BY slot LIMIT 1 OFFSET :nth;

-- name: rating_slot_take
-- in: task text, slot i64, token_hash text
-- changes: one
UPDATE rating_slot SET token_hash = :token_hash WHERE task = :task AND slot = :slot AND token_hash IS NULL;

-- name: rating_slot_of
-- in: token_hash text
-- out: task text, slot i64, used i64
-- rows: one
SELECT task, slot, used FROM rating_slot WHERE token_hash = :token_hash;

-- name: rating_slot_use
-- in: task text, slot i64
-- changes: one
UPDATE rating_slot SET used = 1 WHERE task = :task AND slot = :slot AND used = 0;

-- name: rating_sum_add
-- in: task text, department text, question text, mark i64
INSERT INTO rating_sum (task, department, question, mark, given_count) VALUES (:task, :department, :question, :mark, 1)
ON CONFLICT (task, department, question, mark) DO UPDATE SET given_count = rating_sum.given_count + 1;

-- name: rating_sums
-- All marks, by department, question and task.
-- out: department text, question text, task text, marks i64, given_count i64
-- rows: many
SELECT department, question, task, CAST(SUM(mark * given_count) AS BIGINT) AS marks,
    CAST(SUM(given_count) AS BIGINT) AS given_count
FROM rating_sum GROUP BY department, question, task ORDER BY department, question, task;
