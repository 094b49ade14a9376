-- job.sql - long work 后台任务 and the files handed in for it

-- name: job_insert
-- in: id i64, kind text, subject text, account i64, created_us i64
INSERT INTO job (id, kind, subject, account, state, error, why, result, created_us, ended_us)
VALUES (:id, :kind, :subject, :account, 'waiting', NULL, NULL, NULL, :created_us, NULL);

-- name: job_get
-- in: id i64
-- out: id i64, kind text, subject text, account i64, state text, error text?, why text?, result text?, created_us i64,
--     ended_us i64?
-- rows: one
SELECT id, kind, subject, account, state, error, why, result, created_us, ended_us FROM job WHERE id = :id;

-- name: job_live
-- The unfinished job of this kind about this subject.
-- in: kind text, subject text
-- out: id i64, account i64
-- rows: one
SELECT id, account FROM job WHERE kind = :kind AND subject = :subject AND ended_us IS NULL ORDER BY id LIMIT 1;

-- name: job_put_result
-- in: id i64, result text
-- changes: one
UPDATE job SET result = :result WHERE id = :id AND ended_us IS NULL;

-- name: job_move
-- in: id i64, state text, error text?, why text?, ended_us i64?
-- changes: one
UPDATE job SET state = :state, error = :error, why = :why, ended_us = :ended_us
WHERE id = :id AND state IN ('waiting', 'running');

-- name: job_orphans
-- What a stopped server left behind.
-- in: ended_us i64
UPDATE job SET state = 'cancelled', ended_us = :ended_us WHERE state IN ('waiting', 'running');

-- name: job_upload_insert
-- in: id i64, account i64, kind text, name text, department text?, bytes_count i64, state text, job i64, created_us i64
INSERT INTO upload (id, account, kind, name, department, bytes_count, state, report, undo, job, created_us)
VALUES (:id, :account, :kind, :name, :department, :bytes_count, :state, NULL, NULL, :job, :created_us);

-- name: job_upload_get
-- in: id i64
-- out: id i64, account i64, kind text, name text, department text?, bytes_count i64, state text, report text?, undo text?,
--     job i64, created_us i64
-- rows: one
SELECT id, account, kind, name, department, bytes_count, state, report, undo, job, created_us FROM upload WHERE id = :id;

-- name: job_upload_list
-- Uploads of an account, newest first.
-- in: account i64, below i64, limit i64
-- out: id i64, kind text, name text, bytes_count i64, state text, report text?, job i64, created_us i64
-- rows: many
SELECT id, kind, name, bytes_count, state, report, job, created_us FROM upload
WHERE account = :account AND id < :below ORDER BY id DESC LIMIT :limit;

-- name: job_upload_move
-- in: id i64, old text, new text, report text?, job i64
-- changes: one
UPDATE upload SET state = :new, report = COALESCE(:report, report), job = :job WHERE id = :id AND state = :old;

-- name: job_upload_orphans
-- in: failed text
UPDATE upload SET state = :failed WHERE state = 'checking';

-- name: job_upload_undo
-- How the undoing of an import goes, in JSON.
-- in: id i64, undo text
-- changes: one
UPDATE upload SET undo = :undo WHERE id = :id;

-- name: job_upload_broken
-- Imports that a stopped server left half done or half undone.
-- out: id i64, account i64, kind text, state text, undo text?
-- rows: many
SELECT id, account, kind, state, undo FROM upload WHERE state IN ('importing', 'undoing') ORDER BY id;
