-- duplicate.sql - mergers of two records of one target

-- name: duplicate_put
-- A merger is a fact: it is never changed.
-- in: kept text, dropped text, name text, reason text, actor text, merged_us i64
INSERT INTO merger (kept, dropped, name, reason, actor, merged_us)
VALUES (:kept, :dropped, :name, :reason, :actor, :merged_us);

-- name: duplicate_of
-- What was merged into a target, the latest first.
-- in: kept text
-- out: dropped text, name text, reason text, actor text, merged_us i64
-- rows: many
SELECT dropped, name, reason, actor, merged_us FROM merger WHERE kept = :kept ORDER BY merged_us DESC, dropped;
