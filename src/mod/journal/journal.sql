-- name: journal_put
-- in: id i64, time_us i64, actor text, act text, subject text, entry blob
INSERT INTO journal (id, time_us, actor, act, subject, entry)
VALUES (:id, :time_us, :actor, :act, :subject, :entry);

-- name: journal_last_id
-- The greatest id so far, 0 at the start.
-- out: id i64
-- rows: one
SELECT COALESCE(MAX(id), 0) FROM journal;

-- name: journal_list_subject
-- The entries about one subject, oldest first, from after :after on.
-- in: subject text, after i64, limit_count i64
-- out: id i64, leaf i64?, time_us i64, actor text, act text, entry blob
-- rows: many
SELECT id, leaf, time_us, actor, act, entry FROM journal
WHERE subject = :subject AND id > :after ORDER BY id LIMIT :limit_count;
