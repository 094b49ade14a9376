-- request.sql - acts that were sent with an Idempotency-Key: the same key gives the same answer

-- name: request_get
-- in: id text
-- out: act text, answer text?
-- rows: one
SELECT act, answer FROM request WHERE id = :id;

-- name: request_put
-- in: id text, act text, answer text?, done_us i64
INSERT INTO request (id, act, answer, done_us) VALUES (:id, :act, :answer, :done_us);

-- name: request_sweep
-- in: done_us i64
DELETE FROM request WHERE done_us < :done_us;
