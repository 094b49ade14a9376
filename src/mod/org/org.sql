-- org.sql - departments 市场监管领域部门 and their bits in a roster mask; settings of the installation

-- name: org_department_put
-- A department; the same code again renames it. Its bit never changes: rosters of the past use it.
-- in: code text, name text, bit i64
INSERT INTO department (code, name, bit, retired_us, row_version) VALUES (:code, :name, :bit, NULL, 1)
ON CONFLICT(code) DO UPDATE SET name = excluded.name, row_version = department.row_version + 1;

-- name: org_department_get
-- in: code text
-- out: code text, name text, bit i64, retired_us i64?, row_version i64
-- rows: one
SELECT code, name, bit, retired_us, row_version FROM department WHERE code = :code;

-- name: org_department_list
-- All departments in the order of their bits, retired ones too.
-- out: code text, name text, bit i64, retired_us i64?, row_version i64
-- rows: many
SELECT code, name, bit, retired_us, row_version FROM department ORDER BY bit;

-- name: org_department_last_bit
-- The greatest bit that was ever given, -1 when there is none.
-- out: bit i64
-- rows: one
SELECT COALESCE(MAX(bit), -1) FROM department;

-- name: org_department_change
-- Another name, or retired, or back again.
-- in: code text, row_version i64, name text, retired_us i64?
-- changes: one
UPDATE department SET name = :name, retired_us = :retired_us, row_version = row_version + 1
WHERE code = :code AND row_version = :row_version;

-- name: org_unit_put
-- in: code text, name text, level text, parent text?, region text, department text?
INSERT INTO unit (code, name, level, parent, region, department, retired_us, row_version)
VALUES (:code, :name, :level, :parent, :region, :department, NULL, 1);

-- name: org_unit_get
-- in: code text
-- out: code text, name text, level text, parent text?, region text, department text?, retired_us i64?, row_version i64
-- rows: one
SELECT code, name, level, parent, region, department, retired_us, row_version FROM unit WHERE code = :code;

-- name: org_unit_list
-- All units by region and level: a few hundred.
-- out: code text, name text, level text, parent text?, region text, department text?, retired_us i64?, row_version i64
-- rows: many
SELECT code, name, level, parent, region, department, retired_us, row_version FROM unit ORDER BY region, code;

-- name: org_unit_change
-- in: code text, row_version i64, name text, retired_us i64?
-- changes: one
UPDATE unit SET name = :name, retired_us = :retired_us, row_version = row_version + 1
WHERE code = :code AND row_version = :row_version;

-- name: org_setting_put
-- in: key text, value text
INSERT INTO setting (key, value) VALUES (:key, :value)
ON CONFLICT(key) DO UPDATE SET value = excluded.value;
