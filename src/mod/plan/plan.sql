-- plan.sql - annual plans of checks 年度抽查计划 (regulation 二(四))

-- name: plan_put
-- A new plan, as a draft.
-- in: code text, year i64, name text, joint i64, lead text, document_no text?, created_by text, row_version i64
INSERT INTO plan (code, year, name, joint, lead, state, document_no, revision, created_by, row_version)
VALUES (:code, :year, :name, :joint, :lead, 'draft', :document_no, 0, :created_by, :row_version);

-- name: plan_get
-- One plan by its code.
-- in: code text
-- out: code text, year i64, name text, joint i64, lead text, state text, document_no text?, revision i64, published_us i64?, created_by text?, row_version i64
-- rows: one
SELECT code, year, name, joint, lead, state, document_no, revision, published_us, created_by, row_version
FROM plan WHERE code = :code;

-- name: plan_list
-- Plans in the order of their codes, after a given one.
-- in: after text, limit_count i64
-- out: code text, year i64, name text, joint i64, lead text, state text, document_no text?, revision i64, published_us i64?, row_version i64
-- rows: many
SELECT code, year, name, joint, lead, state, document_no, revision, published_us, row_version
FROM plan WHERE code > :after ORDER BY code LIMIT :limit_count;

-- name: plan_search
-- Plans by words of their name or code, newest year first is the reader's; keyset paging by code.
-- in: after text, words text?, year i64?, state text?, own text?, region text?, limit_count i64
-- out: code text, year i64, name text, joint i64, lead text, state text, document_no text?, revision i64, published_us i64?,
--     row_version i64, line_count i64
-- rows: many
SELECT p.code, p.year, p.name, p.joint, p.lead, p.state, p.document_no, p.revision, p.published_us, p.row_version,
    (SELECT count(*) FROM plan_line l WHERE l.plan = p.code) AS line_count
FROM plan p
WHERE p.code > :after AND (:words IS NULL OR replace(p.code || ' ' || p.name, :words, '') <> p.code || ' ' || p.name)
  AND (:year IS NULL OR p.year = :year) AND (:state IS NULL OR p.state = :state)
  AND (:region IS NULL OR substr(p.code, 1, length(:region)) = :region)
  AND (:own IS NULL OR p.lead = :own OR p.published_us IS NOT NULL
       OR EXISTS (SELECT 1 FROM plan_line l WHERE l.plan = p.code
                  AND replace(l.participants, '"department":"' || :own || '"', '') <> l.participants))
ORDER BY p.code LIMIT :limit_count;

-- name: plan_see
-- One plan within a row scope: led by the department, with its part in a line, or published.
-- in: code text, own text?, region text?
-- out: code text, year i64, name text, joint i64, lead text, state text, document_no text?, revision i64, published_us i64?,
--     row_version i64, line_count i64
-- rows: one
SELECT p.code, p.year, p.name, p.joint, p.lead, p.state, p.document_no, p.revision, p.published_us, p.row_version,
    (SELECT count(*) FROM plan_line l WHERE l.plan = p.code) AS line_count
FROM plan p
WHERE p.code = :code AND (:region IS NULL OR substr(p.code, 1, length(:region)) = :region)
  AND (:own IS NULL OR p.lead = :own OR p.published_us IS NOT NULL
       OR EXISTS (SELECT 1 FROM plan_line l WHERE l.plan = p.code
                  AND replace(l.participants, '"department":"' || :own || '"', '') <> l.participants));

-- name: plan_change
-- The head of a draft; compare-and-set on row_version.
-- in: code text, row_version i64, year i64, name text, joint i64, document_no text?
-- changes: one
UPDATE plan SET year = :year, name = :name, joint = :joint, document_no = :document_no, row_version = row_version + 1
WHERE code = :code AND row_version = :row_version AND state = 'draft';

-- name: plan_lines_remove
-- All lines of a draft, before its new ones are put in their place.
-- in: plan text
DELETE FROM plan_line WHERE plan = :plan;

-- name: plan_last_review
-- The number of the latest step of a plan.
-- in: plan text
-- out: step i64
-- rows: one
SELECT step FROM plan_review WHERE plan = :plan ORDER BY step DESC LIMIT 1;

-- name: plan_review_put
-- One step of a plan through its reviews.
-- in: plan text, step i64, from_state text, to_state text, opinion text?, document_no text?, actor text, reviewed_us i64
INSERT INTO plan_review (plan, step, from_state, to_state, opinion, document_no, actor, reviewed_us)
VALUES (:plan, :step, :from_state, :to_state, :opinion, :document_no, :actor, :reviewed_us);

-- name: plan_review_list
-- in: plan text
-- out: from_state text, to_state text, opinion text?, document_no text?, actor text, reviewed_us i64
-- rows: many
SELECT from_state, to_state, opinion, document_no, actor, reviewed_us FROM plan_review WHERE plan = :plan ORDER BY step;

-- name: plan_last_code
-- The largest code between two bounds (a region and a year), for the next number.
-- in: from_code text, to_code text
-- out: code text
-- rows: one
SELECT code FROM plan WHERE code >= :from_code AND code <= :to_code ORDER BY code DESC LIMIT 1;

-- name: plan_move
-- Compare-and-set of the state.
-- in: code text, old_state text, new_state text, document_no text?, published_us i64?
-- changes: one
UPDATE plan SET state = :new_state, document_no = COALESCE(:document_no, document_no),
    published_us = COALESCE(:published_us, published_us), row_version = row_version + 1
WHERE code = :code AND state = :old_state;

-- name: plan_number_revision
-- The next numbered revision of a plan.
-- in: code text, old_revision i64
-- changes: one
UPDATE plan SET revision = revision + 1, row_version = row_version + 1
WHERE code = :code AND revision = :old_revision;

-- name: plan_line_put
-- One line of a plan.
-- in: plan text, line i64, name text, items text, scope text, scope_words text?, ratio_words text?, strata text, risk_words text?, from_day i64, to_day i64, lead text, participants text, mode text?
INSERT INTO plan_line (plan, line, name, items, scope, scope_words, ratio_words, strata, risk_words, from_day, to_day,
    lead, participants, mode)
VALUES (:plan, :line, :name, :items, :scope, :scope_words, :ratio_words, :strata, :risk_words, :from_day, :to_day,
    :lead, :participants, :mode);

-- name: plan_line_remove
-- Take a line out, before its new text is put in its place.
-- in: plan text, line i64
-- changes: one
DELETE FROM plan_line WHERE plan = :plan AND line = :line;

-- name: plan_line_get
-- in: plan text, line i64
-- out: plan text, line i64, name text, items text, scope text, scope_words text?, ratio_words text?, strata text, risk_words text?, from_day i64, to_day i64, lead text, participants text, mode text?
-- rows: one
SELECT plan, line, name, items, scope, scope_words, ratio_words, strata, risk_words, from_day, to_day, lead,
    participants, mode
FROM plan_line WHERE plan = :plan AND line = :line;

-- name: plan_line_list
-- All lines of a plan in order.
-- in: plan text
-- out: plan text, line i64, name text, items text, scope text, scope_words text?, ratio_words text?, strata text, risk_words text?, from_day i64, to_day i64, lead text, participants text, mode text?
-- rows: many
SELECT plan, line, name, items, scope, scope_words, ratio_words, strata, risk_words, from_day, to_day, lead,
    participants, mode
FROM plan_line WHERE plan = :plan ORDER BY line;

-- name: plan_revision_put
-- What a numbered revision changed in one line.
-- in: plan text, revision i64, line i64, before text?, after text?, reason text, revised_us i64
INSERT INTO plan_revision (plan, revision, line, before, after, reason, revised_us)
VALUES (:plan, :revision, :line, :before, :after, :reason, :revised_us);

-- name: plan_revision_list
-- Every revision of a plan, in order.
-- in: plan text
-- out: revision i64, line i64, before text?, after text?, reason text, revised_us i64
-- rows: many
SELECT revision, line, before, after, reason, revised_us
FROM plan_revision WHERE plan = :plan ORDER BY revision, line;

-- name: plan_check_put
-- The latest check of a plan.
-- in: plan text, row_version i64, content text, checked_us i64
INSERT INTO plan_check (plan, row_version, content, checked_us) VALUES (:plan, :row_version, :content, :checked_us)
ON CONFLICT (plan) DO UPDATE SET row_version = excluded.row_version, content = excluded.content, checked_us = excluded.checked_us;

-- name: plan_check_get
-- in: plan text
-- out: row_version i64, content text, checked_us i64
-- rows: one
SELECT row_version, content, checked_us FROM plan_check WHERE plan = :plan;

-- name: plan_filing_put
-- A document of the filing; handed in again it is there already.
-- in: plan text, digest text, content blob, name text, type text, bytes_count i64, filed_by text, filed_us i64
INSERT INTO plan_filing (plan, digest, content, name, type, bytes_count, filed_by, filed_us)
VALUES (:plan, :digest, :content, :name, :type, :bytes_count, :filed_by, :filed_us)
ON CONFLICT (plan, digest) DO NOTHING;

-- name: plan_filing_list
-- The documents of a filing, without their bytes.
-- in: plan text
-- out: digest text, name text, type text, bytes_count i64, filed_us i64
-- rows: many
SELECT digest, name, type, bytes_count, filed_us FROM plan_filing WHERE plan = :plan ORDER BY filed_us, digest;

-- name: plan_filing_get
-- in: plan text, digest text
-- out: content blob, name text, type text
-- rows: one
SELECT content, name, type FROM plan_filing WHERE plan = :plan AND digest = :digest;
