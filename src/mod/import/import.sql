-- import.sql - what imports of the office changed (to be undone), and how departments read their headers

-- name: import_change_insert
-- One row that an import made or changed, with what it was before (JSON) and what the import made of it.
-- in: import i64, seq i64, line i64, key text, effect text, before text?, after text?
INSERT INTO import_change (import, seq, line, key, effect, before, after, state, why)
VALUES (:import, :seq, :line, :key, :effect, :before, :after, 'applied', NULL);

-- name: import_change_next
-- The latest changes that stand, before a number: undoing goes backwards.
-- in: import i64, below i64, limit i64
-- out: seq i64, key text, effect text, before text?, after text?
-- rows: many
SELECT seq, key, effect, before, after FROM import_change
WHERE import = :import AND seq < :below AND state = 'applied' ORDER BY seq DESC LIMIT :limit;

-- name: import_change_move
-- undone | removed | kept (with its reason).
-- in: import i64, seq i64, state text, why text?
-- changes: one
UPDATE import_change SET state = :state, why = :why WHERE import = :import AND seq = :seq AND state = 'applied';

-- name: import_change_page
-- Changes of one import in their order; effect, state: only such.
-- in: import i64, after i64, effect text?, state text?, limit i64
-- out: seq i64, line i64, key text, effect text, before text?, after text?, state text, why text?
-- rows: many
SELECT seq, line, key, effect, before, after, state, why FROM import_change
WHERE import = :import AND seq > :after AND (:effect IS NULL OR effect = :effect) AND (:state IS NULL OR state = :state)
ORDER BY seq LIMIT :limit;

-- name: import_change_counts
-- in: import i64
-- out: state text, changes i64
-- rows: many
SELECT state, count(*) AS changes FROM import_change WHERE import = :import GROUP BY state ORDER BY state;

-- name: import_change_purge
-- Imports older than the time they are kept for: ids ascend with time.
-- in: below i64
DELETE FROM import_change WHERE import < :below;

-- name: import_mapping_get
-- How a department reads a row of headers: a JSON array with a field, or null, for each column.
-- in: department text, kind text, headers text
-- out: fields text
-- rows: one
SELECT fields FROM import_mapping WHERE department = :department AND kind = :kind AND headers = :headers;

-- name: import_mapping_put
-- in: department text, kind text, headers text, fields text, updated_us i64
INSERT INTO import_mapping (department, kind, headers, fields, updated_us)
VALUES (:department, :kind, :headers, :fields, :updated_us)
ON CONFLICT (department, kind, headers) DO UPDATE SET fields = excluded.fields, updated_us = excluded.updated_us;

-- name: import_export_insert
-- A list written to a file, for its job.
-- in: id i64, account i64, list text, format text, filters text?, risk i64, created_us i64
INSERT INTO export (id, account, list, format, filters, risk, rows_count, bytes_count, created_us)
VALUES (:id, :account, :list, :format, :filters, :risk, NULL, NULL, :created_us);

-- name: import_export_get
-- in: id i64
-- out: id i64, account i64, list text, format text, filters text?, risk i64, rows_count i64?, bytes_count i64?, created_us i64
-- rows: one
SELECT id, account, list, format, filters, risk, rows_count, bytes_count, created_us FROM export WHERE id = :id;

-- name: import_export_end
-- in: id i64, rows_count i64, bytes_count i64
-- changes: one
UPDATE export SET rows_count = :rows_count, bytes_count = :bytes_count WHERE id = :id AND rows_count IS NULL;

-- name: import_export_list
-- Exports of an account, newest first.
-- in: account i64, below i64, limit i64
-- out: id i64, list text, format text, filters text?, rows_count i64?, bytes_count i64?, created_us i64
-- rows: many
SELECT id, list, format, filters, rows_count, bytes_count, created_us FROM export
WHERE account = :account AND id < :below ORDER BY id DESC LIMIT :limit;
