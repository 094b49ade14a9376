-- notice.sql - notices of checks 检查通知书 (regulation 二(五))

-- name: notice_number_next
-- The next number of a department and year; whoever asks meanwhile waits for the end of this transaction.
-- in: department text, year i64
INSERT INTO notice_number (department, year, last) VALUES (:department, :year, 1)
ON CONFLICT (department, year) DO UPDATE SET last = notice_number.last + 1;

-- name: notice_number_last
-- in: department text, year i64
-- out: last i64
-- rows: one
SELECT last FROM notice_number WHERE department = :department AND year = :year;

-- name: notice_register_put
-- in: department text, year i64, seq i64, target text, notice i64
INSERT INTO notice_register (department, year, seq, target, notice) VALUES (:department, :year, :seq, :target, :notice);

-- name: notice_register_list
-- The numbers of a department and year, from one on.
-- in: department text, year i64, seq i64, limit i64
-- out: seq i64, target text, notice i64
-- rows: many
SELECT seq, target, notice FROM notice_register
WHERE department = :department AND year = :year AND seq >= :seq ORDER BY seq LIMIT :limit;

-- name: notice_put
-- in: target text, id i64, visit i64, task text, department text, year i64, seq i64, no text, content text, digest text,
--     replaces text?, issued_us i64, issued_by text
INSERT INTO notice (target, id, visit, task, department, year, seq, no, state, content, digest, replaces, issued_us,
    issued_by, row_version)
VALUES (:target, :id, :visit, :task, :department, :year, :seq, :no, 'issued', :content, :digest, :replaces, :issued_us,
    :issued_by, 1);

-- name: notice_get
-- in: task text, id i64
-- out: target text, id i64, visit i64, task text, department text, no text, state text, content text, digest text,
--     replaces text?, issued_us i64, issued_by text, delivery text?, delivered_day i64?, delivered_by text?, receiver text?,
--     read_us i64?, withdrawn_us i64?, withdraw_reason text?, row_version i64
-- rows: one
SELECT target, id, visit, task, department, no, state, content, digest, replaces, issued_us, issued_by, delivery,
    delivered_day, delivered_by, receiver, read_us, withdrawn_us, withdraw_reason, row_version
FROM notice WHERE task = :task AND id = :id;

-- name: notice_of_visit
-- The notices of a visit, the latest first.
-- in: target text, visit i64
-- out: target text, id i64, visit i64, task text, department text, no text, state text, content text, digest text,
--     replaces text?, issued_us i64, issued_by text, delivery text?, delivered_day i64?, delivered_by text?, receiver text?,
--     read_us i64?, withdrawn_us i64?, withdraw_reason text?, row_version i64
-- rows: many
SELECT target, id, visit, task, department, no, state, content, digest, replaces, issued_us, issued_by, delivery,
    delivered_day, delivered_by, receiver, read_us, withdrawn_us, withdraw_reason, row_version
FROM notice WHERE target = :target AND visit = :visit ORDER BY year DESC, seq DESC;

-- name: notice_list
-- The notices in force of a task in the order of targets, after one.
-- in: task text, after text, limit i64
-- out: target text, id i64, visit i64, task text, department text, no text, state text, content text, digest text,
--     replaces text?, issued_us i64, issued_by text, delivery text?, delivered_day i64?, delivered_by text?, receiver text?,
--     read_us i64?, withdrawn_us i64?, withdraw_reason text?, row_version i64
-- rows: many
SELECT target, id, visit, task, department, no, state, content, digest, replaces, issued_us, issued_by, delivery,
    delivered_day, delivered_by, receiver, read_us, withdrawn_us, withdraw_reason, row_version
FROM notice WHERE task = :task AND target > :after AND state = 'issued' ORDER BY target, id LIMIT :limit;

-- name: notice_counts
-- How far a task is with its notices.
-- in: task text
-- out: issued i64, delivered i64, confirmed i64, withdrawn i64
-- rows: one
SELECT count(CASE WHEN state = 'issued' THEN 1 END), count(CASE WHEN state = 'issued' AND delivery IS NOT NULL THEN 1 END),
    count(CASE WHEN state = 'issued' AND read_us IS NOT NULL THEN 1 END), count(CASE WHEN state = 'withdrawn' THEN 1 END)
FROM notice WHERE task = :task;

-- name: notice_deliver_set
-- in: target text, id i64, row_version i64, delivery text, delivered_day i64, delivered_by text, receiver text?
-- changes: one
UPDATE notice SET delivery = :delivery, delivered_day = :delivered_day, delivered_by = :delivered_by,
    receiver = :receiver, row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'issued';

-- name: notice_read_set
-- in: target text, id i64, row_version i64, read_us i64
-- changes: one
UPDATE notice SET read_us = :read_us, row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'issued' AND read_us IS NULL;

-- name: notice_withdraw_set
-- in: target text, id i64, row_version i64, withdrawn_us i64, withdraw_reason text
-- changes: one
UPDATE notice SET state = 'withdrawn', withdrawn_us = :withdrawn_us, withdraw_reason = :withdraw_reason,
    row_version = row_version + 1
WHERE target = :target AND id = :id AND row_version = :row_version AND state = 'issued';
