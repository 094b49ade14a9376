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

-- name: journal_leaf_count
-- Entries that have their place in the tree; places are 0, 1, … without a gap.
-- out: count i64
-- rows: one
SELECT COALESCE(MAX(leaf), -1) + 1 FROM journal;

-- name: journal_waiting
-- Entries without a place, oldest first.
-- in: limit_count i64
-- out: id i64
-- rows: many
SELECT id FROM journal WHERE leaf IS NULL ORDER BY id LIMIT :limit_count;

-- name: journal_place
-- in: id i64, leaf i64
-- changes: one
UPDATE journal SET leaf = :leaf WHERE id = :id AND leaf IS NULL;

-- name: journal_entries
-- The bytes of the leaves from .. to-1.
-- in: from_leaf i64, to_leaf i64
-- out: leaf i64, entry blob
-- rows: many
SELECT leaf, entry FROM journal WHERE leaf >= :from_leaf AND leaf < :to_leaf ORDER BY leaf;

-- name: journal_checkpoint_last
-- out: size i64, root text, note blob, signed_us i64
-- rows: one
SELECT size, root, note, signed_us FROM checkpoint ORDER BY size DESC LIMIT 1;

-- name: journal_checkpoint_put
-- in: size i64, root text, note blob, signed_us i64
INSERT INTO checkpoint (size, root, note, signed_us) VALUES (:size, :root, :note, :signed_us);

-- name: journal_checkpoint_cosign
-- Another note for the same tree: one with more signatures. The old one is named so that none is lost.
-- in: size i64, old_note blob, new_note blob
-- changes: one
UPDATE checkpoint SET note = :new_note WHERE size = :size AND note = :old_note;

-- name: journal_count
-- scan: counts every entry; for reports and tests
-- out: count i64
-- rows: one
SELECT COUNT(*) FROM journal;

-- name: journal_page
-- Entries before an id, the newest first. act and subject: the whole, or its beginning.
-- in: before i64, actor text?, act text?, subject text?, from_us i64, to_us i64, limit_count i64
-- out: id i64, leaf i64?, time_us i64, actor text, act text, subject text
-- rows: many
SELECT id, leaf, time_us, actor, act, subject FROM journal
WHERE id < :before AND time_us >= :from_us AND time_us < :to_us
  AND (:actor IS NULL OR actor = :actor)
  AND (:act IS NULL OR substr(act, 1, length(:act)) = :act)
  AND (:subject IS NULL OR substr(subject, 1, length(:subject)) = :subject)
ORDER BY id DESC LIMIT :limit_count;

-- name: journal_get
-- in: id i64
-- out: id i64, leaf i64?, time_us i64, actor text, act text, subject text, entry blob
-- rows: one
SELECT id, leaf, time_us, actor, act, subject, entry FROM journal WHERE id = :id;

-- name: journal_recent
-- What one actor did last.
-- in: actor text, from_us i64, limit_count i64
-- out: id i64, time_us i64, act text, subject text
-- rows: many
SELECT id, time_us, act, subject FROM journal
WHERE actor = :actor AND time_us >= :from_us ORDER BY id DESC LIMIT :limit_count;

-- name: journal_count_act
-- How often an act happened since a moment; ids ascend with time, so that only the end is read.
-- in: after i64, act text
-- out: count i64
-- rows: one
SELECT COUNT(*) FROM journal WHERE id > :after AND act = :act;
