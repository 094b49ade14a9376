-- dict.sql - dictionaries: regions 行政区划 (GB/T 2260 and local codes), industries 行业 (GB/T 4754-2017), settings.

-- name: dict_region_put
-- in: code text, name text, parent text?
INSERT INTO region (code, name, parent) VALUES (:code, :name, :parent)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, parent = excluded.parent;

-- name: dict_region_get
-- in: code text
-- out: code text, name text, parent text?
-- rows: one
SELECT code, name, parent FROM region WHERE code = :code;

-- name: dict_region_list
-- All regions by code: a few thousand.
-- out: code text, name text, parent text?
-- rows: many
SELECT code, name, parent FROM region ORDER BY code;

-- name: dict_industry_put
-- in: code text, name text
INSERT INTO industry (code, name) VALUES (:code, :name) ON CONFLICT (code) DO UPDATE SET name = excluded.name;

-- name: dict_industry_get
-- in: code text
-- out: code text, name text
-- rows: one
SELECT code, name FROM industry WHERE code = :code;

-- name: dict_industry_list
-- out: code text, name text
-- rows: many
SELECT code, name FROM industry ORDER BY code;

-- name: dict_setting_put
-- in: key text, value text?
INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: dict_setting_get
-- in: key text
-- out: value text?
-- rows: one
SELECT value FROM setting WHERE key = :key;

-- name: dict_region_search
-- in: words text?, under text?, limit i64
-- out: code text, name text, parent text?
-- rows: many
SELECT code, name, parent FROM region
WHERE (:words IS NULL OR replace(code || ' ' || name, :words, '') <> code || ' ' || name)
  AND (:under IS NULL OR parent = :under)
ORDER BY code LIMIT :limit;

-- name: dict_industry_search
-- in: words text?, limit i64
-- out: code text, name text
-- rows: many
SELECT code, name FROM industry WHERE (:words IS NULL OR replace(code || ' ' || name, :words, '') <> code || ' ' || name)
ORDER BY code LIMIT :limit;
