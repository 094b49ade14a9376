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
-- out: result i64, correction i64
-- rows: one
SELECT result, correction FROM publication WHERE target = :target AND id = :id;

-- name: publication_takedown_put
-- The portal no longer shows it.
-- in: target text, publication i64, reason text, basis text, actor text, taken_us i64
INSERT INTO takedown (target, publication, reason, basis, actor, taken_us)
VALUES (:target, :publication, :reason, :basis, :actor, :taken_us);

-- name: publication_takedown_get
-- in: target text, publication i64
-- out: reason text, basis text
-- rows: one
SELECT reason, basis FROM takedown WHERE target = :target AND publication = :publication;
