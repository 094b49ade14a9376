-- dict.sql - dictionaries: regions 行政区划 (GB/T 2260 and local codes), industries 行业 (GB/T 4754-2017), settings.

-- name: dict_region_put
-- in: code text, name text, parent text?
INSERT INTO region (code, name, parent, retired) VALUES (:code, :name, :parent, 0)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, parent = excluded.parent, retired = excluded.retired;

-- name: dict_region_retire
-- A region that is no longer offered; what refers to it keeps it.
-- in: code text
UPDATE region SET retired = 1 WHERE code = :code;

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
INSERT INTO industry (code, name, retired) VALUES (:code, :name, 0)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, retired = excluded.retired;

-- name: dict_industry_retire
-- in: code text
UPDATE industry SET retired = 1 WHERE code = :code;

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
  AND (:under IS NULL OR parent = :under) AND retired = 0
ORDER BY code LIMIT :limit;

-- name: dict_industry_search
-- in: words text?, limit i64
-- out: code text, name text
-- rows: many
SELECT code, name FROM industry
WHERE (:words IS NULL OR replace(code || ' ' || name, :words, '') <> code || ' ' || name) AND retired = 0
ORDER BY code LIMIT :limit;

-- name: dict_word_put
-- A word in force: a result 检查结果, a method 检查方式, a follow-up 后续处置.
-- in: dict text, code text, zh text, en text, position i64
INSERT INTO dict_word (dict, code, zh, en, position, retired) VALUES (:dict, :code, :zh, :en, :position, 0)
ON CONFLICT (dict, code) DO UPDATE SET zh = excluded.zh, en = excluded.en, position = excluded.position,
    retired = excluded.retired;

-- name: dict_word_retire
-- in: dict text, code text
UPDATE dict_word SET retired = 1 WHERE dict = :dict AND code = :code;

-- name: dict_word_get
-- in: dict text, code text
-- out: zh text, en text, retired i64
-- rows: one
SELECT zh, en, retired FROM dict_word WHERE dict = :dict AND code = :code;

-- name: dict_word_list
-- Retired ones too: the past uses them.
-- in: dict text
-- out: code text, zh text, en text, retired i64
-- rows: many
SELECT code, zh, en, retired FROM dict_word WHERE dict = :dict ORDER BY position, code;
