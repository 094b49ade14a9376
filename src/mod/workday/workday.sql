-- workday.sql - the working-day calendar 工作日历 as data, in versions

-- name: workday_put
-- One day of a version; the same day again takes the new text.
-- in: version text, day i64, off i64, name text?
INSERT INTO holiday (version, day, off, name) VALUES (:version, :day, :off, :name)
ON CONFLICT(version, day) DO UPDATE SET off = excluded.off, name = excluded.name;

-- name: workday_latest
-- The version that counts: the largest name.
-- out: version text
-- rows: one
SELECT version FROM holiday ORDER BY version DESC LIMIT 1;

-- name: workday_list
-- All days of a version in order.
-- in: version text
-- out: day i64, off i64, name text?
-- rows: many
SELECT day, off, name FROM holiday WHERE version = :version ORDER BY day;
