-- publication.sql - what the public was told 公示 (regulation 二(六)): facts; a correction is a further row

-- name: publication_put
-- in: target text, id i64, result i64, correction i64, task text, item text, item_name text, department text,
--     codes text, produced_day i64, due_day i64?, published_us i64
INSERT INTO publication (target, id, result, correction, task, item, item_name, department, codes, produced_day,
    due_day, published_us)
VALUES (:target, :id, :result, :correction, :task, :item, :item_name, :department, :codes, :produced_day, :due_day,
    :published_us);

-- name: publication_last
-- How many corrections the publication of a result has had.
-- in: target text, result i64
-- out: correction i64
-- rows: one
SELECT correction FROM publication WHERE target = :target AND result = :result ORDER BY correction DESC LIMIT 1;

-- name: publication_list
-- Everything published about a target, in the order of publication.
-- in: target text
-- out: id i64, result i64, correction i64, task text, item text, item_name text, department text, codes text,
--      produced_day i64, due_day i64?, published_us i64
-- rows: many
SELECT id, result, correction, task, item, item_name, department, codes, produced_day, due_day, published_us
FROM publication WHERE target = :target ORDER BY id;

-- name: publication_get
-- in: target text, id i64
-- out: result i64, correction i64, task text, item text, item_name text, department text, codes text, published_us i64
-- rows: one
SELECT result, correction, task, item, item_name, department, codes, published_us
FROM publication WHERE target = :target AND id = :id;

-- part: publication_taken
-- out: target text, publication i64, id i64, region text?, department text, reason text, basis text, state text, asked_by text,
--      asked_us i64, decided_by text?, decided_us i64?, opinion text?, taken_us i64?, row_version i64
w.target, w.publication, w.id, w.region, w.department, w.reason, w.basis, w.state, w.asked_by, w.asked_us, w.decided_by,
    w.decided_us, w.opinion, w.taken_us, w.row_version

-- name: publication_takedown_put
-- Asked for; the portal shows it until it is decided.
-- in: target text, publication i64, id i64, region text?, department text, reason text, basis text, asked_by text, asked_us i64
INSERT INTO takedown (target, publication, id, region, department, reason, basis, state, asked_by, asked_us, row_version)
VALUES (:target, :publication, :id, :region, :department, :reason, :basis, 'asked', :asked_by, :asked_us, 1);

-- name: publication_takedown_again
-- Asked for once more after a refusal.
-- in: target text, publication i64, id i64, reason text, basis text, asked_by text, asked_us i64
-- changes: one
UPDATE takedown SET id = :id, reason = :reason, basis = :basis, state = 'asked', asked_by = :asked_by, asked_us = :asked_us,
    decided_by = NULL, decided_us = NULL, opinion = NULL, row_version = row_version + 1
WHERE target = :target AND publication = :publication AND state = 'refused';

-- name: publication_takedown_decide
-- taken_us: the portal no longer shows it; NULL: refused.
-- in: target text, publication i64, row_version i64, state text, decided_by text, decided_us i64, opinion text?, taken_us i64?
-- changes: one
UPDATE takedown SET state = :state, decided_by = :decided_by, decided_us = :decided_us, opinion = :opinion, taken_us = :taken_us,
    row_version = row_version + 1
WHERE target = :target AND publication = :publication AND row_version = :row_version AND state = 'asked';

-- name: publication_takedown_get
-- in: target text, publication i64
-- out: w publication_taken
-- rows: one
SELECT {publication_taken} FROM takedown w WHERE w.target = :target AND w.publication = :publication;

-- name: publication_takedown_page
-- Requests within a row scope, the newest first.
-- in: state text?, department text?, region text?, before_id i64, limit i64
-- out: w publication_taken, item_name text, codes text, published_us i64
-- rows: many
SELECT {publication_taken}, p.item_name, p.codes, p.published_us
FROM takedown w JOIN publication p ON p.target = w.target AND p.id = w.publication
WHERE w.id < :before_id AND (:state IS NULL OR w.state = :state) AND (:department IS NULL OR w.department = :department)
  AND (:region IS NULL OR substr(w.region, 1, length(:region)) = :region)
ORDER BY w.id DESC LIMIT :limit;

-- name: publication_takedown_waiting
-- How many wait for somebody else than who asks.
-- in: department text?, region text?, actor text
-- out: count i64
-- rows: one
SELECT COUNT(*) AS count FROM takedown
WHERE state = 'asked' AND asked_by <> :actor AND (:department IS NULL OR department = :department)
  AND (:region IS NULL OR substr(region, 1, length(:region)) = :region);
