-- archive.sql - archives asked for 一案一档, 一户一档, 尽职照单: what each holds lies in DIR/exports until it is forgotten

-- part: archive_line
-- One archive that was asked for.
-- out: id i64, account i64, kind text, code text, from_day i64?, to_day i64?, base text?, bytes_count i64?, files_count i64?,
--     digest text?, created_us i64
id, account, kind, code, from_day, to_day, base, bytes_count, files_count, digest, created_us

-- name: archive_insert
-- in: id i64, account i64, kind text, code text, from_day i64?, to_day i64?, base text?, created_us i64
INSERT INTO archive (id, account, kind, code, from_day, to_day, base, bytes_count, files_count, digest, created_us)
VALUES (:id, :account, :kind, :code, :from_day, :to_day, :base, NULL, NULL, NULL, :created_us);

-- name: archive_get
-- in: id i64
-- out: line archive_line
-- rows: one
SELECT {archive_line} FROM archive WHERE id = :id;

-- name: archive_list
-- Those of an account about one subject (absent: any), the newest first.
-- in: account i64, kind text?, code text?, below i64, limit i64
-- out: line archive_line
-- rows: many
SELECT {archive_line} FROM archive
WHERE account = :account AND (:kind IS NULL OR kind = :kind) AND (:code IS NULL OR code = :code) AND id < :below
ORDER BY id DESC LIMIT :limit;

-- name: archive_end
-- in: id i64, bytes_count i64, files_count i64, digest text
-- changes: one
UPDATE archive SET bytes_count = :bytes_count, files_count = :files_count, digest = :digest WHERE id = :id AND digest IS NULL;
