-- org.sql - departments 市场监管领域部门 and their bits in a roster mask; settings of the installation

-- name: org_department_put
-- A department; the same code again renames it. Its bit never changes: rosters of the past use it.
-- in: code text, name text, bit i64
INSERT INTO department (code, name, bit) VALUES (:code, :name, :bit)
ON CONFLICT(code) DO UPDATE SET name = excluded.name;

-- name: org_department_get
-- in: code text
-- out: code text, name text, bit i64
-- rows: one
SELECT code, name, bit FROM department WHERE code = :code;

-- name: org_department_list
-- All departments in the order of their bits.
-- out: code text, name text, bit i64
-- rows: many
SELECT code, name, bit FROM department ORDER BY bit;

-- name: org_setting_put
-- in: key text, value text
INSERT INTO setting (key, value) VALUES (:key, :value)
ON CONFLICT(key) DO UPDATE SET value = excluded.value;
