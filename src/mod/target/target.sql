-- target.sql - the registry of targets 检查对象名录库. Rows are never deleted: a target that is gone changes its status.
-- (The search index of SQLite counts on it: it knows a target by its rowid.)

-- name: target_insert
-- A new target, at row_version 1.
-- in: code text, kind text, entity_type text?, name text, former_names text?, legal_rep text?, address text?,
--     business_address text?, contact text?, industry text?, region text?, region_derived i64, authority text?,
--     station text?, capital text?, status text, established_day i64?, risk_class text?, risk_as_of_day i64?,
--     licences text?, departments text?, tags text?, source text?, updated_us i64
INSERT INTO target (code, kind, entity_type, name, former_names, legal_rep, address, business_address, contact,
    industry, region, region_derived, authority, station, capital, status, established_day, risk_class,
    risk_as_of_day, licences, departments, tags, last_visit_day, visits_year, source, updated_us, row_version)
VALUES (:code, :kind, :entity_type, :name, :former_names, :legal_rep, :address, :business_address, :contact,
    :industry, :region, :region_derived, :authority, :station, :capital, :status, :established_day, :risk_class,
    :risk_as_of_day, :licences, :departments, :tags, NULL, 0, :source, :updated_us, 1);

-- name: target_update
-- All that a register may say about a target; compare-and-set on row_version.
-- in: code text, row_version i64, kind text, entity_type text?, name text, former_names text?, legal_rep text?,
--     address text?, business_address text?, contact text?, industry text?, region text?, region_derived i64,
--     authority text?, station text?, capital text?, status text, established_day i64?, risk_class text?,
--     risk_as_of_day i64?, licences text?, departments text?, tags text?, source text?, updated_us i64
-- changes: one
UPDATE target SET kind = :kind, entity_type = :entity_type, name = :name, former_names = :former_names,
    legal_rep = :legal_rep, address = :address, business_address = :business_address, contact = :contact,
    industry = :industry, region = :region, region_derived = :region_derived, authority = :authority,
    station = :station, capital = :capital, status = :status, established_day = :established_day,
    risk_class = :risk_class, risk_as_of_day = :risk_as_of_day, licences = :licences,
    departments = :departments, tags = :tags, source = :source, updated_us = :updated_us, row_version = row_version + 1
WHERE code = :code AND row_version = :row_version;

-- name: target_page
-- Targets from a code on.
-- in: from text, limit i64
-- out: code text, kind text, entity_type text?, name text, former_names text?, legal_rep text?, address text?,
--     business_address text?, contact text?, industry text?, region text?, region_derived i64, authority text?,
--     station text?, capital text?, status text, established_day i64?, risk_class text?, risk_as_of_day i64?,
--     licences text?, last_visit_day i64?, visits_year i64, source text?, updated_us i64, row_version i64,
--     departments text?, tags text?
-- rows: many
SELECT code, kind, entity_type, name, former_names, legal_rep, address, business_address, contact, industry, region,
    region_derived, authority, station, capital, status, established_day, risk_class, risk_as_of_day, licences,
    last_visit_day, visits_year, source, updated_us, row_version, departments, tags
FROM target WHERE code >= :from ORDER BY code LIMIT :limit;

-- name: target_get
-- in: code text
-- out: code text, kind text, entity_type text?, name text, legal_rep text?, address text?, industry text?, region text?,
--     region_derived i64, authority text?, station text?, capital text?, status text, established_day i64?,
--     risk_class text?, last_visit_day i64?, visits_year i64, row_version i64
-- rows: one
SELECT code, kind, entity_type, name, legal_rep, address, industry, region, region_derived, authority, station, capital,
    status, established_day, risk_class, last_visit_day, visits_year, row_version
FROM target WHERE code = :code;

-- name: target_region_list
-- Targets of one region, keyset paging by code.
-- in: region text, after text, limit i64
-- out: code text, name text, status text, risk_class text?
-- rows: many
SELECT code, name, status, risk_class FROM target
WHERE region = :region AND code > :after ORDER BY code LIMIT :limit;

-- name: target_count
-- out: count i64
-- rows: one
-- scan: the health report counts the registry once
SELECT count(*) FROM target;

-- name: target_scan
-- Every target in the order of its code; tags and departments one a line.
-- out: code text, kind text, entity_type text?, region text?, industry text?, status text, risk_class text?,
--      last_visit_day i64?, visits_year i64, tags text?, departments text?
-- rows: many
-- scan: sealing a frame reads the registry once
SELECT code, kind, entity_type, region, industry, status, risk_class, last_visit_day, visits_year, tags, departments
FROM target ORDER BY code;

-- name: target_visited
-- A finished visit counts in the year of its day.
-- in: code text, day i64, year_from_day i64
-- changes: one
UPDATE target SET visits_year = CASE WHEN last_visit_day >= :year_from_day THEN visits_year + 1 ELSE 1 END,
    last_visit_day = :day, row_version = row_version + 1 WHERE code = :code;

-- name: target_search_put
-- The character pairs of a target's name enter the index.
-- in: code text, grams text
-- sqlite:
INSERT INTO target_search (rowid, grams) SELECT rowid, :grams FROM target WHERE code = :code;
-- postgres:
INSERT INTO target_search (code, grams) VALUES (:code, array_to_tsvector(string_to_array(:grams, ' ')))
ON CONFLICT (code) DO UPDATE SET grams = excluded.grams;

-- name: target_search_fill_put
-- The same for a target that target_search_pending named. (SQLite: a single row of values needs no savepoint. With
-- INSERT … SELECT each row has one, and FTS5 writes all it has gathered at every savepoint.)
-- in: mark i64, grams text
-- sqlite:
INSERT INTO target_search (rowid, grams) VALUES (:mark, :grams);
-- postgres:
DELETE FROM target_search WHERE 1 = 0 AND :mark > 0 AND :grams IS NOT NULL;

-- name: target_search_drop
-- They leave it again; SQLite must be told the same pairs that entered.
-- in: code text, grams text
-- sqlite:
INSERT INTO target_search (target_search, rowid, grams) SELECT 'delete', rowid, :grams FROM target WHERE code = :code;
-- postgres:
DELETE FROM target_search WHERE code = :code AND :grams IS NOT NULL;

-- name: target_search_mark_get
-- Targets up to this rowid are in the index of SQLite; that of PostgreSQL is never behind.
-- out: mark i64
-- rows: one
SELECT mark FROM target_search_mark WHERE id = 1;

-- name: target_search_mark_put
-- in: mark i64
INSERT INTO target_search_mark (id, mark) VALUES (1, :mark) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark;

-- name: target_search_pending
-- in: mark i64, limit i64
-- out: mark i64, code text, name text
-- rows: many
-- sqlite:
SELECT CAST(rowid AS BIGINT) AS mark, code, name FROM target WHERE rowid > :mark ORDER BY rowid LIMIT :limit;
-- postgres:
SELECT :mark AS mark, code, name FROM target WHERE 1 = 0 LIMIT :limit;

-- name: target_search_pending_one
-- Is this target still outside the index? (Then its change needs no entry there.)
-- in: code text, mark i64
-- out: pending i64
-- rows: one
-- sqlite:
SELECT rowid > :mark AS pending FROM target WHERE code = :code;
-- postgres:
SELECT CAST(0 AS BIGINT) AS pending FROM target WHERE code = :code AND :mark IS NOT NULL;

-- name: target_search
-- Targets whose names hold all the pairs and the words themselves; in no particular order. (PostgreSQL: OFFSET 0 keeps
-- the planner from joining first, which reads the registry by its key until enough is found.)
-- in: match text, words text, limit i64
-- out: code text, name text, region text?, status text, address text?
-- rows: many
-- sqlite:
SELECT t.code, t.name, t.region, t.status, t.address FROM target_search s JOIN target t ON t.rowid = s.rowid
WHERE target_search MATCH :match AND instr(lower(t.name), :words) > 0 LIMIT :limit;
-- postgres:
SELECT t.code, t.name, t.region, t.status, t.address FROM
(SELECT code FROM target_search WHERE grams @@ CAST(:match AS tsquery) OFFSET 0) s JOIN target t ON t.code = s.code
WHERE position(:words IN lower(t.name)) > 0 LIMIT :limit;

-- name: target_search_first
-- Targets among the first `rows` by code whose names hold the words: what many names hold is found here at once. (GIN
-- lists all that matches before it gives the first.)
-- in: words text, rows i64, limit i64
-- out: code text, name text, region text?, status text, address text?
-- rows: many
-- sqlite:
SELECT t.code, t.name, t.region, t.status, t.address FROM (SELECT code, name, region, status, address FROM target
ORDER BY code LIMIT :rows) t WHERE instr(lower(t.name), :words) > 0 LIMIT :limit;
-- postgres:
SELECT t.code, t.name, t.region, t.status, t.address FROM (SELECT code, name, region, status, address FROM target
ORDER BY code LIMIT :rows) t WHERE position(:words IN lower(t.name)) > 0 LIMIT :limit;

-- name: target_code_search
-- Targets whose code begins so; `below` is the first code that does not.
-- in: from text, below text, limit i64
-- out: code text, name text, region text?, status text, address text?
-- rows: many
SELECT code, name, region, status, address FROM target
WHERE code >= :from AND code < :below ORDER BY code LIMIT :limit;

-- name: target_health
-- What a registry lacks: one pass.
-- in: stale_us i64
-- out: targets i64, no_region i64?, derived_region i64?, no_industry i64?, no_address i64?, gone i64?, stale i64?
-- rows: one
-- scan: the health report reads the registry once
SELECT count(*), CAST(sum(CASE WHEN region IS NULL THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(region_derived) AS BIGINT),
    CAST(sum(CASE WHEN industry IS NULL THEN 1 ELSE 0 END) AS BIGINT),
    CAST(sum(CASE WHEN address IS NULL THEN 1 ELSE 0 END) AS BIGINT),
    CAST(sum(CASE WHEN status <> 'active' THEN 1 ELSE 0 END) AS BIGINT),
    CAST(sum(CASE WHEN updated_us < :stale_us THEN 1 ELSE 0 END) AS BIGINT)
FROM target;

-- name: target_same_name
-- Names that several targets share: the same firm under two codes, or a chain.
-- in: limit i64
-- out: name text, targets i64
-- rows: many
-- scan: the health report reads the registry once
SELECT name, count(*) AS targets FROM target GROUP BY name HAVING count(*) > 1 ORDER BY targets DESC, name LIMIT :limit;

-- name: target_filter
-- A page of the registry by filters; those that are absent let everything pass. region_from, region_below: a range of codes.
-- dep, own_dep, tag: wrapped in the line end nl, as the columns are for the comparison; own_dep: the row scope of the one
-- who asks, which also sees targets that belong to nobody yet.
-- in: after text, nl text, status text?, entity_type text?, region_from text?, region_below text?, industry text?, tag text?,
--     dep text?, own_dep text?, limit i64
-- out: code text, kind text, entity_type text?, name text, address text?, industry text?, region text?, status text,
--     risk_class text?, departments text?, tags text?, last_visit_day i64?, visits_year i64
-- rows: many
SELECT code, kind, entity_type, name, address, industry, region, status, risk_class, departments, tags, last_visit_day,
    visits_year
FROM target
WHERE code > :after AND (:status IS NULL OR status = :status) AND (:entity_type IS NULL OR entity_type = :entity_type)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
  AND (:industry IS NULL OR substr(industry, 1, length(:industry)) = :industry)
  AND (:tag IS NULL OR replace(:nl || tags || :nl, :tag, '') <> :nl || tags || :nl)
  AND (:dep IS NULL OR replace(:nl || departments || :nl, :dep, '') <> :nl || departments || :nl)
  AND (:own_dep IS NULL OR departments IS NULL
       OR replace(:nl || departments || :nl, :own_dep, '') <> :nl || departments || :nl)
ORDER BY code LIMIT :limit;

-- name: target_withdraw_row
-- A target that an import had just brought and nothing refers to is taken back: the one case in which a row is deleted.
-- in: code text, row_version i64
-- changes: one
DELETE FROM target WHERE code = :code AND row_version = :row_version;

-- name: target_search_mark_lower
-- SQLite gives the highest rowid again after it was deleted: the mark must not be above the highest one there is.
-- sqlite:
UPDATE target_search_mark SET mark = (SELECT COALESCE(max(rowid), 0) FROM target)
WHERE id = 1 AND mark > (SELECT COALESCE(max(rowid), 0) FROM target);
-- postgres:
UPDATE target_search_mark SET mark = mark WHERE 1 = 0;
