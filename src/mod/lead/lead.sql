-- lead.sql - leads 线索 and campaigns 专项检查 (regulation 二(七))

-- name: lead_put
-- in: code text, source text, channel text, region text, department text?, target text?, target_name text?, place text?,
--     content text, received_day i64, due_day i64?, token_hash text?, reporter blob?, received_us i64
INSERT INTO lead (code, source, channel, region, department, target, target_name, place, content, received_day, due_day,
    state, token_hash, reporter, received_us, row_version)
VALUES (:code, :source, :channel, :region, :department, :target, :target_name, :place, :content, :received_day, :due_day,
    'received', :token_hash, :reporter, :received_us, 1);

-- name: lead_last
-- The last receipt number between two.
-- in: after text, below text
-- out: code text
-- rows: one
SELECT code FROM lead WHERE code > :after AND code < :below ORDER BY code DESC LIMIT 1;

-- name: lead_get
-- in: code text
-- out: code text, source text, channel text, region text, department text?, target text?, target_name text?, place text?,
--     content text, received_day i64, due_day i64?, state text, outcome text?, measure text?, document_no text?, findings text?,
--     reply text?, campaign text?, token_hash text?, has_reporter i64, received_us i64, row_version i64
-- rows: one
SELECT code, source, channel, region, department, target, target_name, place, content, received_day, due_day, state, outcome,
    measure, document_no, findings, reply, campaign, token_hash, CASE WHEN reporter IS NULL THEN 0 ELSE 1 END, received_us,
    row_version
FROM lead WHERE code = :code;

-- name: lead_reporter_get
-- Who reported, sealed.
-- in: code text
-- out: reporter blob?
-- rows: one
SELECT reporter FROM lead WHERE code = :code;

-- name: lead_search
-- A page within the row scope, the newest first. before: a code; state: absent for all that are open.
-- in: before text, own text?, region_from text?, region_below text?, state text?, source text?, department text?, words text?,
--     limit i64
-- out: code text, source text, channel text, region text, department text?, target text?, target_name text?, content text,
--     received_day i64, due_day i64?, state text, outcome text?, campaign text?, row_version i64
-- rows: many
SELECT code, source, channel, region, department, target, target_name, content, received_day, due_day, state, outcome,
    campaign, row_version
FROM lead
WHERE code < :before AND (:own IS NULL OR department = :own)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
  AND (state = :state OR (:state IS NULL AND state <> 'closed'))
  AND (:source IS NULL OR source = :source) AND (:department IS NULL OR department = :department)
  AND (:words IS NULL OR replace(code || ' ' || COALESCE(target_name, ' ') || ' ' || content, :words, '')
        <> code || ' ' || COALESCE(target_name, ' ') || ' ' || content)
ORDER BY code DESC LIMIT :limit;

-- name: lead_open_list
-- What is not disposed of yet, for the desk.
-- in: state text, own text?, limit i64
-- out: code text, region text, department text?, due_day i64?
-- rows: many
SELECT code, region, department, due_day FROM lead
WHERE state = :state AND (:own IS NULL OR department = :own) ORDER BY code LIMIT :limit;

-- name: lead_move
-- Compare-and-set; what is absent stays.
-- in: code text, row_version i64, old_state text, new_state text, department text?, outcome text?, measure text?,
--     document_no text?, findings text?, reply text?, campaign text?
-- changes: one
UPDATE lead SET state = :new_state, department = COALESCE(:department, department), outcome = COALESCE(:outcome, outcome),
    measure = COALESCE(:measure, measure), document_no = COALESCE(:document_no, document_no),
    findings = COALESCE(:findings, findings), reply = COALESCE(:reply, reply), campaign = COALESCE(:campaign, campaign),
    row_version = row_version + 1
WHERE code = :code AND row_version = :row_version AND state = :old_state;

-- name: lead_step_put
-- in: lead text, from_state text, to_state text, note text?, actor text, stepped_us i64
INSERT INTO lead_step (lead, seq, from_state, to_state, note, actor, stepped_us)
VALUES (:lead, (SELECT COALESCE(MAX(seq), 0) + 1 FROM lead_step WHERE lead = :lead), :from_state, :to_state, :note, :actor,
    :stepped_us);

-- name: lead_step_list
-- in: lead text
-- out: seq i64, from_state text, to_state text, note text?, actor text, stepped_us i64
-- rows: many
SELECT seq, from_state, to_state, note, actor, stepped_us FROM lead_step WHERE lead = :lead ORDER BY seq;

-- name: lead_inspection_put
-- in: lead text, day i64, inspectors text, methods text?, remarks text?
INSERT INTO lead_inspection (lead, seq, day, inspectors, methods, remarks)
VALUES (:lead, (SELECT COALESCE(MAX(seq), 0) + 1 FROM lead_inspection WHERE lead = :lead), :day, :inspectors, :methods,
    :remarks);

-- name: lead_inspection_list
-- in: lead text
-- out: seq i64, day i64, inspectors text, methods text?, remarks text?
-- rows: many
SELECT seq, day, inspectors, methods, remarks FROM lead_inspection WHERE lead = :lead ORDER BY seq;

-- name: lead_of_campaign
-- in: campaign text, limit i64
-- out: code text, source text, state text, target_name text?, content text
-- rows: many
SELECT code, source, state, target_name, content FROM lead WHERE campaign = :campaign ORDER BY code LIMIT :limit;

-- name: lead_campaign_put
-- in: code text, name text, reason text, region text, department text, terms text, drafted_by text, created_us i64
INSERT INTO campaign (code, name, reason, region, department, terms, state, drafted_by, created_us, row_version)
VALUES (:code, :name, :reason, :region, :department, :terms, 'draft', :drafted_by, :created_us, 1);

-- name: lead_campaign_last
-- in: after text, below text
-- out: code text
-- rows: one
SELECT code FROM campaign WHERE code > :after AND code < :below ORDER BY code DESC LIMIT 1;

-- name: lead_campaign_get
-- in: code text
-- out: code text, name text, reason text, region text, department text, terms text, state text, document_no text?,
--     filed_day i64?, task text?, drafted_by text, approved_by text?, created_us i64, row_version i64
-- rows: one
SELECT code, name, reason, region, department, terms, state, document_no, filed_day, task, drafted_by, approved_by,
    created_us, row_version
FROM campaign WHERE code = :code;

-- name: lead_campaign_list
-- Within the row scope, the newest first.
-- in: before text, own text?, region_from text?, region_below text?, limit i64
-- out: code text, name text, region text, department text, state text, document_no text?, task text?, created_us i64
-- rows: many
SELECT code, name, region, department, state, document_no, task, created_us FROM campaign
WHERE code < :before AND (:own IS NULL OR department = :own)
  AND (:region_from IS NULL OR (region >= :region_from AND region < :region_below))
ORDER BY code DESC LIMIT :limit;

-- name: lead_campaign_move
-- Compare-and-set; what is absent stays.
-- in: code text, row_version i64, old_state text, new_state text, document_no text?, filed_day i64?, task text?,
--     approved_by text?
-- changes: one
UPDATE campaign SET state = :new_state, document_no = COALESCE(:document_no, document_no),
    filed_day = COALESCE(:filed_day, filed_day), task = COALESCE(:task, task),
    approved_by = COALESCE(:approved_by, approved_by), row_version = row_version + 1
WHERE code = :code AND row_version = :row_version AND state = :old_state;

-- name: lead_facts
-- Complaints 投诉举报 found true at the targets of a range of codes since a day.
-- in: from text, to text, since_day i64
-- out: target text, count i64
-- rows: many
SELECT target, count(*) AS count FROM lead
WHERE target >= :from AND target <= :to AND source = 'complaint' AND outcome = 'violation' AND received_day >= :since_day
GROUP BY target ORDER BY target;
