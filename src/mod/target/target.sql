-- target.sql - the registry of targets 检查对象名录库. Rows are never deleted: a target that is gone changes its status.
-- (The search index of SQLite counts on it: it knows a target by its rowid.)

-- part: target_line
-- One target in a list. The statement calls the table t.
-- out: code text, kind text, entity_type text?, name text, former_names text?, address text?, industry text?, region text?,
--     status text, risk_class text?, departments text?, tags text?, last_visit_day i64?, visits_year i64, row_version i64
t.code, t.kind, t.entity_type, t.name, t.former_names, t.address, t.industry, t.region, t.status, t.risk_class,
    t.departments, t.tags, t.last_visit_day, t.visits_year, t.row_version

-- part: target_where
-- What a filter asks for; absent: everything. own_department, own_region: the row scope of the one who asks, who also sees
-- targets that no department has yet. Lists: one a line; regions and industries are prefixes. gaps: any of these bits.
-- in: own_department text?, own_region text?, kinds text?, entity_types text?, statuses text?, risk_classes text?,
--     regions text?, industries text?, departments text?, tags_any text?, tags_all text?, tags_none text?,
--     established_from_day i64?, established_to_day i64?, visited_before_day i64?, licence_before_day i64?,
--     stale_before_us i64?, gaps i64?
-- sqlite:
merged_into IS NULL AND (:own_region IS NULL OR substr(region, 1, length(:own_region)) = :own_region)
  AND (:own_department IS NULL OR departments IS NULL OR lines_have(departments, :own_department))
  AND (:statuses IS NULL OR lines_have(:statuses, status)) AND (:regions IS NULL OR lines_begin(:regions, region))
  AND (:kinds IS NULL OR lines_have(:kinds, kind)) AND (:entity_types IS NULL OR lines_have(:entity_types, entity_type))
  AND (:industries IS NULL OR lines_begin(:industries, industry))
  AND (:risk_classes IS NULL OR lines_have(:risk_classes, risk_class))
  AND (:departments IS NULL OR lines_any(departments, :departments)) AND (:tags_any IS NULL OR lines_any(tags, :tags_any))
  AND (:tags_all IS NULL OR lines_all(tags, :tags_all)) AND (:tags_none IS NULL OR NOT lines_any(tags, :tags_none))
  AND (:established_from_day IS NULL OR established_day >= :established_from_day)
  AND (:established_to_day IS NULL OR established_day <= :established_to_day)
  AND (:visited_before_day IS NULL OR last_visit_day IS NULL OR last_visit_day < :visited_before_day)
  AND (:licence_before_day IS NULL OR licence_day < :licence_before_day)
  AND (:stale_before_us IS NULL OR updated_us < :stale_before_us) AND (:gaps IS NULL OR (gaps & :gaps) <> 0)
-- postgres:
merged_into IS NULL AND (:own_region IS NULL OR starts_with(region, :own_region))
  AND (:own_department IS NULL OR departments IS NULL
       OR strpos(chr(10) || departments || chr(10), chr(10) || :own_department || chr(10)) > 0)
  AND (:statuses IS NULL OR status = ANY (string_to_array(:statuses, chr(10))))
  AND (:regions IS NULL OR region ~ ('^(' || replace(:regions, chr(10), '|') || ')'))
  AND (:kinds IS NULL OR kind = ANY (string_to_array(:kinds, chr(10))))
  AND (:entity_types IS NULL OR entity_type = ANY (string_to_array(:entity_types, chr(10))))
  AND (:industries IS NULL OR industry ~ ('^(' || replace(:industries, chr(10), '|') || ')'))
  AND (:risk_classes IS NULL OR risk_class = ANY (string_to_array(:risk_classes, chr(10))))
  AND (:departments IS NULL OR string_to_array(departments, chr(10)) && string_to_array(:departments, chr(10)))
  AND (:tags_any IS NULL OR string_to_array(tags, chr(10)) && string_to_array(:tags_any, chr(10)))
  AND (:tags_all IS NULL OR string_to_array(tags, chr(10)) @> string_to_array(:tags_all, chr(10)))
  AND (:tags_none IS NULL OR tags IS NULL OR NOT string_to_array(tags, chr(10)) && string_to_array(:tags_none, chr(10)))
  AND (:established_from_day IS NULL OR established_day >= :established_from_day)
  AND (:established_to_day IS NULL OR established_day <= :established_to_day)
  AND (:visited_before_day IS NULL OR last_visit_day IS NULL OR last_visit_day < :visited_before_day)
  AND (:licence_before_day IS NULL OR licence_day < :licence_before_day)
  AND (:stale_before_us IS NULL OR updated_us < :stale_before_us) AND (:gaps IS NULL OR (gaps & :gaps) <> 0)

-- name: target_insert
-- A new target, at row_version 1.
-- in: code text, kind text, holder text?, particulars text?, entity_type text?, name text, former_names text?, legal_rep text?,
--     address text?, business_address text?, contact text?, industry text?, region text?, region_derived i64, authority text?,
--     station text?, capital text?, status text, established_day i64?, risk_class text?, risk_as_of_day i64?,
--     licences text?, licence_day i64?, departments text?, claimed text?, tags text?, initials text?, gaps i64, source text?,
--     updated_us i64
INSERT INTO target (code, kind, holder, particulars, entity_type, name, former_names, legal_rep, address, business_address,
    contact, industry, region, region_derived, authority, station, capital, status, established_day, risk_class,
    risk_as_of_day, licences, licence_day, departments, claimed, tags, initials, gaps, last_visit_day, visits_year, source,
    updated_us, row_version)
VALUES (:code, :kind, :holder, :particulars, :entity_type, :name, :former_names, :legal_rep, :address, :business_address,
    :contact, :industry, :region, :region_derived, :authority, :station, :capital, :status, :established_day, :risk_class,
    :risk_as_of_day, :licences, :licence_day, :departments, :claimed, :tags, :initials, :gaps, NULL, 0, :source,
    :updated_us, 1);

-- name: target_update
-- All that a register or a person may say about a target; compare-and-set on row_version.
-- in: code text, row_version i64, kind text, holder text?, particulars text?, entity_type text?, name text,
--     former_names text?, legal_rep text?, address text?, business_address text?, contact text?, industry text?, region text?,
--     region_derived i64, authority text?, station text?, capital text?, status text, established_day i64?, risk_class text?,
--     risk_as_of_day i64?, licences text?, licence_day i64?, departments text?, claimed text?, tags text?, initials text?,
--     gaps i64, source text?, updated_us i64
-- changes: one
UPDATE target SET kind = :kind, holder = :holder, particulars = :particulars, entity_type = :entity_type, name = :name,
    former_names = :former_names, legal_rep = :legal_rep, address = :address, business_address = :business_address,
    contact = :contact, industry = :industry, region = :region, region_derived = :region_derived, authority = :authority,
    station = :station, capital = :capital, status = :status, established_day = :established_day,
    risk_source = CASE WHEN COALESCE(risk_class, '') = COALESCE(:risk_class, '')
        AND COALESCE(risk_as_of_day, -1) = COALESCE(:risk_as_of_day, -1) THEN risk_source END, risk_class = :risk_class,
    risk_as_of_day = :risk_as_of_day, licences = :licences, licence_day = :licence_day, departments = :departments,
    claimed = :claimed, tags = :tags, initials = :initials, gaps = :gaps, source = :source, updated_us = :updated_us,
    row_version = row_version + 1
WHERE code = :code AND row_version = :row_version;

-- name: target_page
-- Targets from a code on.
-- in: from text, limit i64
-- out: code text, kind text, holder text?, particulars text?, entity_type text?, name text, former_names text?,
--     legal_rep text?, address text?, business_address text?, contact text?, industry text?, region text?, region_derived i64,
--     authority text?, station text?, capital text?, status text, established_day i64?, risk_class text?,
--     risk_as_of_day i64?, licences text?, licence_day i64?, last_visit_day i64?, visits_year i64, source text?,
--     updated_us i64, row_version i64, departments text?, claimed text?, tags text?, initials text?, gaps i64,
--     merged_into text?
-- rows: many
SELECT code, kind, holder, particulars, entity_type, name, former_names, legal_rep, address, business_address, contact,
    industry, region, region_derived, authority, station, capital, status, established_day, risk_class, risk_as_of_day,
    licences, licence_day, last_visit_day, visits_year, source, updated_us, row_version, departments, claimed, tags,
    initials, gaps, merged_into
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

-- name: target_count_all
-- How many targets there are, duplicates too: how far a scan is.
-- out: count i64
-- rows: one
-- scan: before the registry is read once
SELECT COUNT(*) AS count FROM target;

-- name: target_scan
-- Every target in the order of its code; tags and departments one a line. A duplicate is none.
-- out: code text, kind text, entity_type text?, region text?, industry text?, status text, risk_class text?,
--      established_day i64?, last_visit_day i64?, licence_day i64?, visits_year i64, tags text?, departments text?, capital text?,
--      observed_to_day i64?
-- rows: many
-- scan: sealing a frame reads the registry once
SELECT code, kind, entity_type, region, industry, status, risk_class, established_day, last_visit_day, licence_day,
    visits_year, tags, departments, capital, observed_to_day
FROM target WHERE merged_into IS NULL ORDER BY code;

-- name: target_visited
-- A finished visit counts in the year of its day.
-- in: code text, day i64, year_from_day i64
-- changes: one
UPDATE target SET visits_year = CASE WHEN last_visit_day >= :year_from_day THEN visits_year + 1 ELSE 1 END,
    last_visit_day = :day, row_version = row_version + 1 WHERE code = :code;

-- name: target_contacted
-- Whether the last inspection found anybody there: the bit GAP_UNREACHABLE.
-- in: code text, bit i64, unreachable i64
-- changes: one
UPDATE target SET gaps = (gaps & ~CAST(:bit AS BIGINT)) + CASE WHEN :unreachable <> 0 THEN :bit ELSE 0 END,
    row_version = row_version + 1 WHERE code = :code;

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
-- out: mark i64, code text, name text, former_names text?, initials text?
-- rows: many
-- sqlite:
SELECT CAST(rowid AS BIGINT) AS mark, code, name, former_names, initials FROM target
WHERE rowid > :mark ORDER BY rowid LIMIT :limit;
-- postgres:
SELECT :mark AS mark, code, name, former_names, initials FROM target WHERE 1 = 0 LIMIT :limit;

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
-- Targets whose names, former names or first letters hold the pairs and the words themselves, within a filter, after a code.
-- (PostgreSQL: OFFSET 0 keeps the planner from joining first, which reads the registry by its key until enough is found.
-- SQLite: in the order in which they came into the registry.)
-- in: match text, words text, after text?, where target_where, limit i64
-- out: line target_line
-- rows: many
-- sqlite:
SELECT {target_line} FROM target_search s JOIN target t ON t.rowid = s.rowid
WHERE target_search MATCH :match AND s.rowid > COALESCE((SELECT rowid FROM target WHERE code = :after), 0)
  AND (instr(lower(name), :words) > 0 OR instr(initials, :words) > 0 OR instr(lower(former_names), :words) > 0)
  AND {target_where}
ORDER BY s.rowid LIMIT :limit;
-- postgres:
SELECT {target_line} FROM (SELECT code FROM target_search WHERE grams @@ CAST(:match AS tsquery)
AND (:after IS NULL OR code > :after) OFFSET 0) s JOIN target t ON t.code = s.code
WHERE (position(:words IN lower(name)) > 0 OR position(:words IN initials) > 0 OR position(:words IN lower(former_names)) > 0)
  AND {target_where}
ORDER BY t.code LIMIT :limit;

-- name: target_search_any
-- The same without an order and a place: it ends with the row that fills the limit, where target_search must sort all that
-- a common word finds.
-- in: match text, words text, where target_where, limit i64
-- out: line target_line
-- rows: many
-- sqlite:
SELECT {target_line} FROM target_search s JOIN target t ON t.rowid = s.rowid
WHERE target_search MATCH :match
  AND (instr(lower(name), :words) > 0 OR instr(initials, :words) > 0 OR instr(lower(former_names), :words) > 0)
  AND {target_where}
LIMIT :limit;
-- postgres:
SELECT {target_line} FROM (SELECT code FROM target_search WHERE grams @@ CAST(:match AS tsquery) OFFSET 0) s
JOIN target t ON t.code = s.code
WHERE (position(:words IN lower(name)) > 0 OR position(:words IN initials) > 0 OR position(:words IN lower(former_names)) > 0)
  AND {target_where}
LIMIT :limit;

-- name: target_search_first
-- Targets among the first `rows` after a code: what many names hold is found here at once. (GIN lists all that matches
-- before it gives the first.)
-- in: words text, after text, rows i64, where target_where, limit i64
-- out: line target_line
-- rows: many
-- sqlite:
SELECT {target_line} FROM (SELECT code FROM target WHERE code > :after ORDER BY code LIMIT :rows) k
JOIN target t ON t.code = k.code
WHERE (instr(lower(name), :words) > 0 OR instr(initials, :words) > 0 OR instr(lower(former_names), :words) > 0)
  AND {target_where}
ORDER BY t.code LIMIT :limit;
-- postgres:
SELECT {target_line} FROM (SELECT * FROM target WHERE code > :after ORDER BY code LIMIT :rows) t
WHERE (position(:words IN lower(name)) > 0 OR position(:words IN initials) > 0 OR position(:words IN lower(former_names)) > 0)
  AND {target_where}
ORDER BY t.code LIMIT :limit;

-- name: target_search_code
-- Targets whose code begins so; `below` is the first code that does not.
-- in: from text, below text, after text, where target_where, limit i64
-- out: line target_line
-- rows: many
SELECT {target_line} FROM target t
WHERE code >= :from AND code < :below AND code > :after AND {target_where}
ORDER BY t.code LIMIT :limit;

-- name: target_search_former
-- Targets into which one with such a code was merged.
-- in: from text, below text, where target_where, limit i64
-- out: line target_line
-- rows: many
SELECT {target_line} FROM target t
WHERE code IN (SELECT d.merged_into FROM target d WHERE d.code >= :from AND d.code < :below AND d.merged_into IS NOT NULL)
  AND {target_where}
ORDER BY t.code LIMIT :limit;

-- name: target_list
-- A page of the registry by a filter, after a code.
-- in: after text, where target_where, limit i64
-- out: line target_line
-- rows: many
SELECT {target_line} FROM (SELECT code FROM target WHERE code > :after AND {target_where} ORDER BY code LIMIT :limit) k
JOIN target t ON t.code = k.code ORDER BY t.code;

-- name: target_county
-- The same within one county, by its index.
-- in: county text, after text, where target_where, limit i64
-- out: line target_line
-- rows: many
SELECT {target_line} FROM (SELECT code FROM target WHERE substr(region, 1, 6) = :county AND code > :after AND {target_where}
    ORDER BY code LIMIT :limit) k
JOIN target t ON t.code = k.code ORDER BY t.code;

-- name: target_county_type
-- The same of one type, by its index: types do not stand mixed in the order of codes.
-- in: county text, type text, after text, where target_where, limit i64
-- out: line target_line
-- rows: many
-- sqlite:
SELECT {target_line} FROM (SELECT code FROM target INDEXED BY target_county_type
    WHERE substr(region, 1, 6) = :county AND entity_type = :type AND code > :after AND {target_where}
    ORDER BY code LIMIT :limit) k
JOIN target t ON t.code = k.code ORDER BY t.code;
-- postgres:
SELECT {target_line} FROM (SELECT code FROM target WHERE substr(region, 1, 6) = :county AND entity_type = :type
    AND code > :after AND {target_where} ORDER BY code LIMIT :limit) k
JOIN target t ON t.code = k.code ORDER BY t.code;

-- name: target_county_count
-- in: county text, where target_where
-- out: count i64
-- rows: one
SELECT count(*) FROM target WHERE substr(region, 1, 6) = :county AND {target_where};

-- name: target_count
-- How many a filter lets pass.
-- in: where target_where
-- out: count i64
-- rows: one
-- scan: a filter may ask for anything; on SQLite the index target_facet holds all that it looks at
SELECT count(*) FROM target WHERE {target_where};

-- name: target_marks
-- Every step-th code, for samples that lie evenly in the order of the codes.
-- in: step i64
-- out: code text
-- rows: many
-- scan: read now and then, kept by the caller
SELECT code FROM (SELECT code, row_number() OVER (ORDER BY code) AS n FROM target) k WHERE n % :step = 1 ORDER BY code;

-- name: target_sample
-- Of the first `rows` targets from a code on, how many a filter lets pass.
-- in: from text, rows i64, where target_where
-- out: looked i64, passed i64?
-- rows: one
SELECT count(*) AS looked, CAST(sum(CASE WHEN {target_where} THEN 1 ELSE 0 END) AS BIGINT) AS passed
FROM (SELECT code, region, status, kind, entity_type, industry, risk_class, established_day, last_visit_day, licence_day,
    departments, tags, gaps, updated_us, merged_into FROM target WHERE code >= :from ORDER BY code LIMIT :rows) k;

-- name: target_health
-- What a registry lacks: one pass. Bits as in mod/target/target.h.
-- in: where target_where, today_day i64, stale_us i64
-- out: targets i64, no_region i64?, derived_region i64?, no_industry i64?, no_address i64?, no_department i64?,
--     unreachable i64?, gone i64?, expired_licence i64?, stale i64?
-- rows: one
-- scan: the health report reads the registry once
SELECT count(*), CAST(sum(gaps & 1) AS BIGINT), CAST(sum((gaps / 2) & 1) AS BIGINT), CAST(sum((gaps / 4) & 1) AS BIGINT),
    CAST(sum((gaps / 8) & 1) AS BIGINT), CAST(sum((gaps / 16) & 1) AS BIGINT), CAST(sum((gaps / 32) & 1) AS BIGINT),
    CAST(sum(CASE WHEN status <> 'active' THEN 1 ELSE 0 END) AS BIGINT),
    CAST(sum(CASE WHEN licence_day < :today_day THEN 1 ELSE 0 END) AS BIGINT),
    CAST(sum(CASE WHEN updated_us < :stale_us THEN 1 ELSE 0 END) AS BIGINT)
FROM target WHERE {target_where};

-- name: target_same_name
-- Names that several targets share: the same firm under two codes, or a chain.
-- in: where target_where, after text, limit i64
-- out: name text, targets i64
-- rows: many
-- scan: the health report reads the registry once
SELECT name, count(*) AS targets FROM target WHERE name > :after AND {target_where}
GROUP BY name HAVING count(*) > 1 ORDER BY name LIMIT :limit;

-- name: target_change_put
-- in: target text, version i64, field text, before text?, after text?, act text, actor text, changed_us i64
INSERT INTO target_change (target, version, field, before, after, act, actor, changed_us)
VALUES (:target, :version, :field, :before, :after, :act, :actor, :changed_us);

-- name: target_change_list
-- The newest changes of a target first.
-- in: target text, limit i64
-- out: version i64, field text, before text?, after text?, act text, actor text, changed_us i64
-- rows: many
SELECT version, field, before, after, act, actor, changed_us FROM target_change
WHERE target = :target ORDER BY version DESC, field LIMIT :limit;

-- name: target_merge_away
-- A duplicate leaves lists and frames; compare-and-set.
-- in: code text, row_version i64, into text, updated_us i64
-- changes: one
UPDATE target SET merged_into = :into, updated_us = :updated_us, row_version = row_version + 1
WHERE code = :code AND row_version = :row_version AND merged_into IS NULL;

-- name: target_merge_again
-- What was merged into the duplicate before now belongs to the kept one.
-- in: from text, into text
UPDATE target SET merged_into = :into WHERE merged_into = :from;

-- name: target_merge_visits
-- The visits of both count together.
-- in: code text, last_visit_day i64?, visits_year i64
-- changes: one
UPDATE target SET last_visit_day = :last_visit_day, visits_year = :visits_year WHERE code = :code;

-- name: target_merged_list
-- The codes that were merged into one.
-- in: code text
-- out: code text, name text
-- rows: many
SELECT code, name FROM target WHERE merged_into = :code ORDER BY code;

-- name: target_filter_insert
-- in: id i64, name text, department text?, owner text, shared i64, scope text, now_us i64
INSERT INTO saved_filter (id, name, department, owner, shared, scope, created_us, updated_us, row_version)
VALUES (:id, :name, :department, :owner, :shared, :scope, :now_us, :now_us, 1);

-- name: target_filter_list
-- Saved filters that one may use: one's own, and the shared ones of the department (department NULL: of all).
-- in: owner text, department text?
-- out: id i64, name text, department text?, owner text, shared i64, scope text, updated_us i64, row_version i64
-- rows: many
SELECT id, name, department, owner, shared, scope, updated_us, row_version FROM saved_filter
WHERE owner = :owner OR (shared = 1 AND (:department IS NULL OR department IS NULL OR department = :department))
ORDER BY name, id LIMIT 500;

-- name: target_filter_get
-- in: id i64
-- out: id i64, name text, department text?, owner text, shared i64, scope text, updated_us i64, row_version i64
-- rows: one
SELECT id, name, department, owner, shared, scope, updated_us, row_version FROM saved_filter WHERE id = :id;

-- name: target_filter_update
-- in: id i64, row_version i64, name text, shared i64, scope text, now_us i64
-- changes: one
UPDATE saved_filter SET name = :name, shared = :shared, scope = :scope, updated_us = :now_us, row_version = row_version + 1
WHERE id = :id AND row_version = :row_version;

-- name: target_filter_delete
-- in: id i64
-- changes: one
DELETE FROM saved_filter WHERE id = :id;

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

-- part: target_facts
-- What a credit-risk class looks at (mod/risk).
-- out: code text, region text?, industry text?, status text, risk_class text?, risk_as_of_day i64?, established_day i64?,
--     last_visit_day i64?, licence_day i64?, tags text?, gaps i64, observed_to_day i64?, departments text?, risk_source text?
code, region, industry, status, risk_class, risk_as_of_day, established_day, last_visit_day, licence_day, tags, gaps,
    observed_to_day, departments, risk_source

-- name: target_facts_page
-- Those of a row scope, after a code; a duplicate is none.
-- in: after text, own_department text?, own_region text?, limit i64
-- out: t target_facts
-- rows: many
-- sqlite:
SELECT {target_facts} FROM target
WHERE code > :after AND merged_into IS NULL AND (:own_region IS NULL OR substr(region, 1, length(:own_region)) = :own_region)
  AND (:own_department IS NULL OR departments IS NULL OR lines_have(departments, :own_department))
ORDER BY code LIMIT :limit;
-- postgres:
SELECT {target_facts} FROM target
WHERE code > :after AND merged_into IS NULL AND (:own_region IS NULL OR substr(region, 1, length(:own_region)) = :own_region)
  AND (:own_department IS NULL OR departments IS NULL OR :own_department = ANY (string_to_array(departments, chr(10))))
ORDER BY code LIMIT :limit;

-- name: target_duplicates
-- Duplicates of the targets of a range of codes, in the order of those that are kept.
-- in: from text, to text
-- out: code text, merged_into text
-- rows: many
SELECT code, merged_into FROM target
WHERE merged_into IS NOT NULL AND merged_into >= :from AND merged_into <= :to ORDER BY merged_into, code;

-- name: target_facts_of
-- in: code text
-- out: t target_facts
-- rows: one
SELECT {target_facts} FROM target WHERE code = :code;

-- name: target_classify_put
-- Another class, if it still has the one that was seen and is no duplicate meanwhile.
-- in: code text, before text?, after text, as_of_day i64
-- changes: one
-- sqlite:
UPDATE target SET risk_class = :after, risk_as_of_day = :as_of_day, risk_source = 'run', row_version = row_version + 1
WHERE code = :code AND merged_into IS NULL AND risk_class IS :before;
-- postgres:
UPDATE target SET risk_class = :after, risk_as_of_day = :as_of_day, risk_source = 'run', row_version = row_version + 1
WHERE code = :code AND merged_into IS NULL AND risk_class IS NOT DISTINCT FROM :before;

-- name: target_observe_put
-- in: code text, to_day i64?
-- changes: one
UPDATE target SET observed_to_day = :to_day, row_version = row_version + 1 WHERE code = :code AND merged_into IS NULL;

-- part: target_class_sums
-- out: a i64, b i64, c i64, d i64, e i64, none i64, total i64
CAST(COALESCE(sum(CASE risk_class WHEN 'A' THEN 1 ELSE 0 END), 0) AS BIGINT) AS a,
    CAST(COALESCE(sum(CASE risk_class WHEN 'B' THEN 1 ELSE 0 END), 0) AS BIGINT) AS b,
    CAST(COALESCE(sum(CASE risk_class WHEN 'C' THEN 1 ELSE 0 END), 0) AS BIGINT) AS c,
    CAST(COALESCE(sum(CASE risk_class WHEN 'D' THEN 1 ELSE 0 END), 0) AS BIGINT) AS d,
    CAST(COALESCE(sum(CASE risk_class WHEN 'E' THEN 1 ELSE 0 END), 0) AS BIGINT) AS e,
    count(*) - count(risk_class) AS none, count(*) AS total

-- name: target_class_counts
-- How many of each class within a row scope, and without one. (One walk along an index: to group would sort them all.)
-- in: own_department text?, own_region text?
-- out: n target_class_sums
-- rows: one
-- scan: the picture of all classes; on SQLite the index target_facet holds all that it looks at
-- sqlite:
SELECT {target_class_sums} FROM target INDEXED BY target_facet
WHERE merged_into IS NULL AND (:own_region IS NULL OR substr(region, 1, length(:own_region)) = :own_region)
  AND (:own_department IS NULL OR departments IS NULL OR lines_have(departments, :own_department));
-- postgres:
SELECT {target_class_sums} FROM target
WHERE merged_into IS NULL AND (:own_region IS NULL OR starts_with(region, :own_region))
  AND (:own_department IS NULL OR departments IS NULL OR :own_department = ANY (string_to_array(departments, chr(10))));
