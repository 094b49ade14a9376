-- 0001_init: the whole main job, from registers to publications.
-- Runs on SQLite and PostgreSQL: TEXT, BIGINT, BLOB only ({blob} becomes BYTEA on PostgreSQL). Times are integers
-- (_us: microseconds since 1970 UTC; _day: days since 1970-01-01), lists and objects are JSON in TEXT, booleans 0/1.
-- "-- hash: COLUMN" above a table: may be hash-partitioned by that column; its keys then all contain it.

-- dictionaries -------------------------------------------------------------------------------------------------
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT
);
CREATE TABLE region ( -- GB/T 2260 and local codes of management zones 管理区
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    parent TEXT,
    retired BIGINT NOT NULL -- 1: no longer offered; rows of the past keep it
);
CREATE TABLE industry ( -- GB/T 4754-2017
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    retired BIGINT NOT NULL
);
CREATE TABLE holiday ( -- days off (1) and make-up working days (0) by the State Council's notices
    version TEXT NOT NULL,
    day BIGINT NOT NULL,
    off BIGINT NOT NULL,
    name TEXT,
    PRIMARY KEY (version, day)
);
CREATE TABLE department ( -- 市场监管领域部门
    code TEXT NOT NULL PRIMARY KEY, -- [a-z0-9]{1,32}, also the party name in draws
    name TEXT NOT NULL,
    bit BIGINT NOT NULL UNIQUE, -- 0..63, its group in a roster mask: for ever
    retired_us BIGINT, -- no longer offered; draws, items and accounts of the past keep it
    row_version BIGINT NOT NULL
);

-- item list 抽查事项清单 (regulation 二(二)) ----------------------------------------------------------------------
CREATE TABLE item (
    code TEXT NOT NULL,
    version BIGINT NOT NULL, -- 1, 2, …: an item is never edited in place
    state TEXT NOT NULL, -- draft | legal_review | published | suspended | retired
    domain TEXT NOT NULL, -- 抽查领域
    name TEXT NOT NULL,
    class TEXT NOT NULL, -- KEY 重点 | GENERAL 一般
    track TEXT NOT NULL, -- random | key_supervision | undisturbed
    department TEXT NOT NULL,
    partners TEXT, -- JSON array of department codes: joint item 联合抽查事项
    levels TEXT, -- JSON array: province, city, county, station
    target_scope TEXT, -- words: which targets 检查对象
    points TEXT, -- JSON array of {content, how}
    methods TEXT, -- JSON array of method codes (domain.md 6)
    legal_basis TEXT, -- JSON array of {law, article, text, from, to}
    cap_bp BIGINT, -- ratio cap in 1/10000; NULL for key items
    frequency TEXT, -- words: 2次/年
    skills TEXT, -- JSON array of required skills
    valid_from_day BIGINT,
    valid_to_day BIGINT,
    reason TEXT, -- why this version exists
    published_us BIGINT,
    target_tags TEXT, -- JSON array: tags of the targets it is for
    expert_needed BIGINT, -- 1: an expert assists
    PRIMARY KEY (code, version)
);

-- target registry 检查对象名录库 (regulation 二(三)) ---------------------------------------------------------------
-- hash: code
CREATE TABLE target (
    code TEXT NOT NULL PRIMARY KEY, -- draw id: USCC | R-<15 digits> | P-<number>
    kind TEXT NOT NULL, -- entity | product | project | behaviour
    holder TEXT, -- code of the entity that makes the product, carries out the project, acts
    particulars TEXT, -- JSON object: the further fields of the kind (mod/target/target.h)
    entity_type TEXT, -- enterprise | individual | cooperative | representative | other
    name TEXT NOT NULL,
    former_names TEXT, -- JSON array
    legal_rep TEXT,
    address TEXT,
    business_address TEXT,
    contact TEXT,
    industry TEXT,
    region TEXT,
    region_derived BIGINT NOT NULL, -- 1: taken from characters 3-8 of the code
    authority TEXT, -- registering authority
    station TEXT, -- supervising station
    capital TEXT, -- as registered
    status TEXT NOT NULL, -- active | cancelled | revoked | rescinded | moved
    established_day BIGINT,
    risk_class TEXT, -- A B C D; internal, never published
    risk_as_of_day BIGINT,
    risk_source TEXT, -- run: a run of a scheme set the class (mod/risk); NULL: it was brought in or entered
    observed_to_day BIGINT, -- observation period 包容审慎观察期: not drawn before that day (mod/risk)
    licences TEXT, -- JSON array of {name, no, issuer, to}
    licence_day BIGINT, -- the earliest end of its licences
    departments TEXT, -- codes of those that supervise it 谁审批谁监管、谁主管谁监管: one a line, ascending
    claimed TEXT, -- those of them that took it on later 认领: they change only tags and licences
    tags TEXT, -- one a line, ascending
    initials TEXT, -- first letters of the name 拼音首字母 (data/pinyin.h)
    gaps BIGINT NOT NULL DEFAULT 0, -- bits: what is missing or doubtful (mod/target/target.h)
    merged_into TEXT, -- a duplicate: the code of the record that is kept
    last_visit_day BIGINT,
    visits_year BIGINT NOT NULL, -- visits in the calendar year of last_visit_day
    source TEXT,
    updated_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);
CREATE INDEX target_region ON target (region, code);
CREATE INDEX target_merged ON target (merged_into) WHERE merged_into IS NOT NULL;
-- sqlite: All that filters look at, in the order of the list: pages and counts read this, not the rows. (PostgreSQL reads
-- the rows as fast, and limits the size of an entry.)
CREATE INDEX target_facet ON target (code, region, status, kind, entity_type, industry, risk_class, established_day,
    last_visit_day, licence_day, departments, tags, gaps, updated_us, merged_into);
-- sqlite: The same by county: lists and counts of one look at nothing else.
CREATE INDEX target_county ON target (substr(region, 1, 6), code, region, status, kind, entity_type, industry, risk_class,
    established_day, last_visit_day, licence_day, departments, tags, gaps, updated_us, merged_into);
-- postgres:
CREATE INDEX target_county ON target (substr(region, 1, 6), code);
-- Codes begin with the kind of registration: without this a list of one type reads all that stand before it in the county.
CREATE INDEX target_county_type ON target (substr(region, 1, 6), entity_type, code);
-- hash: target
CREATE TABLE target_change ( -- what changed in a target, field by field
    target TEXT NOT NULL,
    version BIGINT NOT NULL, -- row_version after the change
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    act TEXT NOT NULL, -- as in the journal
    actor TEXT NOT NULL,
    changed_us BIGINT NOT NULL,
    PRIMARY KEY (target, version, field)
);
-- hash: kept
CREATE TABLE merger ( -- two records of one target made one; both codes stay valid
    kept TEXT NOT NULL,
    dropped TEXT NOT NULL,
    name TEXT NOT NULL, -- of the dropped record
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    merged_us BIGINT NOT NULL,
    PRIMARY KEY (kept, dropped)
);
-- Search by name: pairs of neighbouring characters 二元组. SQLite knows a target by its rowid (targets are never deleted).
-- sqlite:
CREATE VIRTUAL TABLE target_search USING fts5 (
    grams, content = '', columnsize = 0, detail = none, prefix = '1', tokenize = 'unicode61 remove_diacritics 0'
);
-- sqlite: (bytes of new pairs gathered in memory before they are written)
INSERT INTO target_search (target_search, rank) VALUES ('hashsize', 8388608);
-- postgres:
-- hash: code
CREATE TABLE target_search (
    code TEXT NOT NULL PRIMARY KEY,
    grams TSVECTOR NOT NULL
);
-- postgres:
CREATE INDEX target_search_grams ON target_search USING GIN (grams);
CREATE TABLE target_search_mark ( -- one row: up to which rowid the index of SQLite has come
    id BIGINT NOT NULL PRIMARY KEY,
    mark BIGINT NOT NULL
);

-- inspectors 执法检查人员名录库, experts 专家库 -------------------------------------------------------------------
CREATE TABLE inspector (
    code TEXT NOT NULL PRIMARY KEY, -- pseudonym used in published files, e.g. ZF-411525-0037
    name TEXT NOT NULL,
    department TEXT NOT NULL,
    level TEXT,
    region TEXT, -- home region
    regions TEXT, -- JSON array of region codes where it may inspect; NULL = all of its department's
    skills TEXT, -- JSON array
    items TEXT, -- JSON array of item codes; NULL = all of its department's
    cap_count BIGINT NOT NULL, -- places it may take in one draw
    lead BIGINT NOT NULL, -- 1: may lead a team
    state TEXT NOT NULL, -- active | suspended | left
    state_reason TEXT, -- why the state was changed last
    updated_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);
CREATE TABLE inspector_certificate (
    inspector TEXT NOT NULL,
    kind TEXT NOT NULL, -- national 行政执法证 | provincial | technical
    no TEXT NOT NULL,
    issuer TEXT,
    valid_to_day BIGINT NOT NULL,
    PRIMARY KEY (inspector, kind)
);
CREATE INDEX inspector_certificate_no ON inspector_certificate (no);
CREATE TABLE inspector_leave (
    inspector TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    reason TEXT,
    PRIMARY KEY (inspector, from_day)
);
CREATE TABLE secondment ( -- 借调: lent to another department for one task (regulation 三(二))
    task TEXT NOT NULL,
    inspector TEXT NOT NULL,
    department TEXT NOT NULL, -- for which he counts in this task
    anywhere BIGINT NOT NULL, -- 1: in the whole region of the task, whatever his own range is
    reason TEXT NOT NULL,
    lent_us BIGINT NOT NULL,
    ended_us BIGINT,
    end_reason TEXT,
    PRIMARY KEY (task, inspector)
);
CREATE INDEX secondment_inspector ON secondment (inspector, task);
CREATE TABLE recusal ( -- 回避
    inspector TEXT NOT NULL,
    target TEXT NOT NULL,
    kind TEXT NOT NULL, -- relative | interest | declared | requested | other
    evidence TEXT,
    declared_us BIGINT NOT NULL,
    ended_us BIGINT, -- NULL: it is in force
    end_reason TEXT,
    PRIMARY KEY (inspector, target)
);
CREATE TABLE expert (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    department TEXT, -- whose register; NULL = shared by all departments
    region TEXT, -- whose register; NULL = all regions
    organisation TEXT,
    specialty TEXT, -- JSON array
    contract_no TEXT,
    contract_from_day BIGINT,
    contract_to_day BIGINT,
    conflicts TEXT, -- JSON array of target codes
    state TEXT NOT NULL, -- active | left
    state_reason TEXT, -- why the state was changed last
    updated_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);

-- plans and tasks 年度抽查计划, 抽查任务 (regulation 二(四)) ---------------------------------------------------------
CREATE TABLE plan (
    code TEXT NOT NULL PRIMARY KEY,
    year BIGINT NOT NULL,
    name TEXT NOT NULL,
    joint BIGINT NOT NULL,
    lead TEXT NOT NULL, -- department
    state TEXT NOT NULL, -- draft | approved | conference | adopted | filed | published | running | closed
    document_no TEXT,
    revision BIGINT NOT NULL, -- 0 until published; then numbered
    published_us BIGINT,
    created_by TEXT, -- actor: who drafted it does not approve it
    row_version BIGINT NOT NULL
);
CREATE TABLE plan_line (
    plan TEXT NOT NULL,
    line BIGINT NOT NULL,
    name TEXT NOT NULL, -- 任务名称
    items TEXT NOT NULL, -- JSON array of item codes
    scope TEXT NOT NULL, -- JSON, mod/task/task.h
    scope_words TEXT, -- 对象范围
    ratio_words TEXT, -- 比例及频次
    strata TEXT NOT NULL, -- JSON, mod/task/task.h
    risk_words TEXT, -- 信用风险分类要求
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    lead TEXT NOT NULL,
    participants TEXT NOT NULL, -- JSON array of department codes, lead included
    mode TEXT, -- 市抽市查 | 市抽县查 | 上抽下查
    PRIMARY KEY (plan, line)
);
CREATE TABLE plan_revision ( -- a published plan changes only by a numbered revision
    plan TEXT NOT NULL,
    revision BIGINT NOT NULL,
    line BIGINT NOT NULL,
    before TEXT, -- JSON of the line; NULL = a new line
    after TEXT, -- JSON of the line; NULL = a line taken back
    reason TEXT NOT NULL,
    revised_us BIGINT NOT NULL,
    PRIMARY KEY (plan, revision, line)
);
CREATE TABLE plan_review ( -- each step of a plan through its reviews, with the opinion
    plan TEXT NOT NULL,
    step BIGINT NOT NULL, -- 1, 2, …
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    opinion TEXT,
    document_no TEXT,
    actor TEXT NOT NULL,
    reviewed_us BIGINT NOT NULL,
    PRIMARY KEY (plan, step)
);
CREATE TABLE conference ( -- a meeting of the joint conference 联席会议 of one level (regulation 二(四), 三(一))
    id BIGINT NOT NULL PRIMARY KEY,
    region TEXT NOT NULL, -- of the government whose conference it is: each level has its own
    name TEXT NOT NULL,
    held_day BIGINT NOT NULL,
    place TEXT,
    state TEXT NOT NULL, -- open | closed
    minutes TEXT, -- 会议纪要, from closed
    opened_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);
CREATE TABLE conference_topic ( -- a plan on the agenda 议题
    conference BIGINT NOT NULL,
    plan TEXT NOT NULL,
    position BIGINT NOT NULL, -- on the agenda, from 1
    decision TEXT, -- adopted | returned; NULL while open
    opinion TEXT,
    decided_us BIGINT,
    PRIMARY KEY (conference, plan)
);
CREATE TABLE conference_opinion ( -- what a department says to a plan
    conference BIGINT NOT NULL,
    plan TEXT NOT NULL,
    department TEXT NOT NULL,
    stance TEXT NOT NULL, -- agree 同意 | amend 修改后同意 | oppose 不同意
    opinion TEXT,
    actor TEXT NOT NULL,
    given_us BIGINT NOT NULL,
    PRIMARY KEY (conference, plan, department)
);
CREATE TABLE task (
    code TEXT NOT NULL PRIMARY KEY, -- region 6 + date 8 + 4
    plan TEXT,
    line BIGINT,
    adhoc_reason TEXT, -- set when there is no plan line
    name TEXT NOT NULL,
    directed BIGINT NOT NULL, -- 1 定向, 0 不定向
    items TEXT NOT NULL,
    scope TEXT NOT NULL,
    strata TEXT NOT NULL,
    lead TEXT NOT NULL,
    participants TEXT NOT NULL, -- JSON array of {department, places}
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    cap_exempt TEXT, -- ad hoc only: why yearly visit caps neither bind nor count it, mod/task/task.h
    state TEXT NOT NULL, -- draft | approved | sealed | drawn | assigned | notified | inspecting | closed
    created_us BIGINT NOT NULL,
    created_by TEXT, -- actor: who created it does not approve it
    row_version BIGINT NOT NULL
);

-- draws 抽取 (docs/spec/draw-1.md). Rosters and results are files under draws/<draw>/<attempt>/ ------------------------
CREATE TABLE draw (
    draw TEXT NOT NULL, -- 411500/2026/0017
    attempt BIGINT NOT NULL,
    task TEXT NOT NULL,
    state TEXT NOT NULL, -- open | sealed | locked | beacon | drawn | void
    suite TEXT NOT NULL, -- sha256 | sm3
    rule TEXT NOT NULL, -- uniform | pareto
    batches BIGINT NOT NULL,
    min_parties BIGINT NOT NULL,
    salted BIGINT NOT NULL, -- 1: the roster is not public (class strata)
    publish_day BIGINT, -- unannounced checks: result and secrets are public from this day; NULL = at once
    prev TEXT, -- digest of the voided attempt
    population_count BIGINT, -- rows of the roster, from sealed
    roster_root TEXT, -- hex, from sealed
    draw_digest TEXT, -- from sealed
    lock_digest TEXT, -- from locked
    seed TEXT, -- from drawn
    result_digest TEXT, -- from drawn
    void_reason TEXT,
    opened_us BIGINT NOT NULL,
    sealed_us BIGINT,
    locked_us BIGINT,
    drawn_us BIGINT,
    voided_us BIGINT,
    PRIMARY KEY (draw, attempt)
);
CREATE INDEX draw_task ON draw (task, attempt);
CREATE TABLE draw_party (
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    name TEXT NOT NULL,
    commitment TEXT, -- hex; NULL until the party has committed
    present BIGINT, -- NULL until locked
    secret TEXT, -- hex, after the reveal; of an unannounced check after its disclosure
    sealed_secret TEXT, -- hex, unannounced checks: the secret encrypted with keys/draw.key, until its disclosure
    PRIMARY KEY (draw, attempt, name)
);
CREATE TABLE draw_beacon (
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    name TEXT NOT NULL,
    event TEXT NOT NULL,
    value TEXT,
    evidence TEXT, -- signature or source as given
    PRIMARY KEY (draw, attempt, name)
);
CREATE TABLE draw_beacon_entry ( -- a value as one account typed it: two must agree before it counts
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    name TEXT NOT NULL,
    actor TEXT NOT NULL,
    value TEXT NOT NULL,
    typed_us BIGINT NOT NULL,
    PRIMARY KEY (draw, attempt, name, actor)
);
CREATE TABLE draw_quota (
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    stratum TEXT NOT NULL,
    population_count BIGINT NOT NULL,
    sample_count BIGINT NOT NULL,
    reserve_count BIGINT NOT NULL,
    ratio_bp BIGINT,
    least_ppm BIGINT NOT NULL, -- chance of one target before the draw, 10^-6: the least, the most
    most_ppm BIGINT NOT NULL,
    PRIMARY KEY (draw, attempt, grp, stratum)
);
CREATE TABLE draw_exclusion ( -- in scope but not in the draw, by reason
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    reason TEXT NOT NULL, -- as in the roster, without the mark
    excluded_count BIGINT NOT NULL,
    codes TEXT NOT NULL, -- the first few, one a line: for the office
    PRIMARY KEY (draw, attempt, reason)
);
-- hash: target
CREATE TABLE drawn (
    target TEXT NOT NULL,
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    stratum TEXT NOT NULL,
    mask BIGINT NOT NULL, -- bits of the departments
    position BIGINT NOT NULL, -- visiting order from 1
    batch BIGINT NOT NULL,
    PRIMARY KEY (target, draw, attempt)
);
CREATE INDEX drawn_draw ON drawn (draw, attempt, position);
-- hash: target
CREATE TABLE drawn_reserve ( -- ordered substitutes
    target TEXT NOT NULL,
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    stratum TEXT NOT NULL,
    rank BIGINT NOT NULL, -- from 1
    PRIMARY KEY (target, draw, attempt, grp)
);
CREATE INDEX drawn_reserve_draw ON drawn_reserve (draw, attempt, grp, stratum, rank);
-- hash: target
CREATE TABLE substitution ( -- a drawn target replaced by the next reserve of the same quota; the original stays listed
    target TEXT NOT NULL, -- the original
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    grp BIGINT NOT NULL,
    stratum TEXT NOT NULL,
    substitute TEXT NOT NULL,
    rank BIGINT NOT NULL, -- of the reserve
    reason TEXT NOT NULL, -- cancelled | revoked | rescinded | moved | duplicate | cap | merged
    evidence TEXT,
    approver TEXT NOT NULL,
    substituted_us BIGINT NOT NULL,
    PRIMARY KEY (target, draw, attempt, grp)
);
CREATE INDEX substitution_draw ON substitution (draw, attempt, grp, stratum, rank);

-- matching 匹配检查人员 (docs/spec/match-1.md) -------------------------------------------------------------------------
CREATE TABLE staffing ( -- one frozen pool per draw attempt
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    staff_digest TEXT NOT NULL, -- digest of staff.txt
    match_seed TEXT,
    owners_digest TEXT,
    state TEXT NOT NULL, -- frozen | assigned | infeasible
    diagnosis TEXT, -- JSON
    frozen_us BIGINT NOT NULL,
    assigned_us BIGINT,
    PRIMARY KEY (draw, attempt)
);
CREATE TABLE confirmation ( -- a department agrees to the teams of a draw
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    department TEXT NOT NULL,
    confirmed_us BIGINT NOT NULL,
    PRIMARY KEY (draw, attempt, department)
);
-- hash: target
CREATE TABLE assignment (
    target TEXT NOT NULL,
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    department TEXT NOT NULL,
    inspector TEXT NOT NULL,
    role TEXT NOT NULL, -- lead | member | reserve | recused
    rank BIGINT NOT NULL, -- order of the reserves, from 1; 0 for the team
    PRIMARY KEY (target, draw, attempt, department, inspector)
);
CREATE INDEX assignment_draw ON assignment (draw, attempt, target);
CREATE INDEX assignment_inspector ON assignment (inspector, draw, attempt);
-- hash: target
CREATE TABLE replacement ( -- an inspector recused after the draw, replaced by the next reserve
    target TEXT NOT NULL,
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    department TEXT NOT NULL,
    inspector TEXT NOT NULL, -- who steps back
    substitute TEXT NOT NULL,
    rank BIGINT NOT NULL, -- of the reserve
    passed TEXT, -- JSON array of {inspector, why}: reserves before it who may not go any more
    reason TEXT NOT NULL, -- relative | interest | declared | requested | leave | other
    evidence TEXT NOT NULL,
    approver TEXT NOT NULL,
    replaced_us BIGINT NOT NULL,
    PRIMARY KEY (target, draw, attempt, department, inspector)
);
CREATE INDEX replacement_draw ON replacement (draw, attempt, target);

-- experts drawn for targets (docs/spec/panel-1.md): they assist and never count as inspectors ----------------------------------
CREATE TABLE panel ( -- one frozen list of experts per draw attempt
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    places BIGINT NOT NULL, -- experts per target
    experts_digest TEXT NOT NULL, -- digest of experts.txt
    panel_digest TEXT, -- of panel.txt, once drawn
    frozen_us BIGINT NOT NULL,
    drawn_us BIGINT,
    PRIMARY KEY (draw, attempt)
);
-- hash: target
CREATE TABLE panel_expert (
    target TEXT NOT NULL,
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    expert TEXT NOT NULL,
    rank BIGINT NOT NULL, -- order of the draw, from 1
    PRIMARY KEY (target, draw, attempt, expert)
);
CREATE INDEX panel_expert_draw ON panel_expert (draw, attempt, target);

-- visits, results, publications 检查, 检查结果, 公示 (regulation 二(五), 二(六)) --------------------------------------------
-- hash: target
CREATE TABLE visit (
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    task TEXT NOT NULL,
    draw TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    mask BIGINT NOT NULL, -- bits of the departments that go: each counts it against its yearly cap
    exempt TEXT, -- why it does not count against the caps (task.cap_exempt)
    joint BIGINT, -- merging.id: made together with the others that say so, and counted once with them
    state TEXT NOT NULL, -- assigned | noticed | checked_in | recorded | signed | refused | submitted | unreachable
    visited_day BIGINT,
    methods TEXT, -- JSON array
    remarks TEXT,
    code TEXT NOT NULL, -- 80 random bits, 16 characters (visit.h): the enterprise's page, its phone's way in
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, id)
);
CREATE INDEX visit_code ON visit (code); -- not UNIQUE: the table may be partitioned by target
CREATE INDEX visit_task ON visit (task, target);
CREATE INDEX visit_day ON visit (visited_day, target);
-- hash: target
CREATE TABLE result (
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    task TEXT NOT NULL,
    item TEXT NOT NULL,
    item_version BIGINT NOT NULL,
    department TEXT NOT NULL,
    region TEXT, -- of the target when it was entered
    codes TEXT NOT NULL, -- JSON array of result codes
    methods TEXT, -- JSON array of method codes
    detail TEXT,
    produced_day BIGINT NOT NULL,
    due_day BIGINT, -- 20 working days after produced_day; NULL while the calendar lacks the year
    calendar_version TEXT,
    state TEXT NOT NULL, -- entered | returned | approved | published | withheld | withdrawn
    entered_by TEXT NOT NULL,
    entered_us BIGINT NOT NULL,
    reviewed_by TEXT,
    opinion TEXT,
    published_us BIGINT,
    withheld_reason TEXT,
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, id),
    UNIQUE (target, task, item)
);
CREATE INDEX result_task ON result (task, target, item);
CREATE INDEX result_due ON result (state, (COALESCE(due_day, 0)), target, id);
-- hash: target
CREATE TABLE publication ( -- a fact: never changed; a correction is a further row
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    result BIGINT NOT NULL,
    correction BIGINT NOT NULL, -- 0, 1, …
    task TEXT NOT NULL,
    item TEXT NOT NULL,
    item_name TEXT NOT NULL,
    department TEXT NOT NULL,
    codes TEXT NOT NULL, -- JSON array
    produced_day BIGINT NOT NULL,
    due_day BIGINT,
    published_us BIGINT NOT NULL,
    PRIMARY KEY (target, id)
);
CREATE INDEX publication_recent ON publication (published_us, target, id);

-- journal 全过程留痕 (docs/spec/log-1.md) ------------------------------------------------------------------------------
CREATE TABLE journal (
    id BIGINT NOT NULL PRIMARY KEY, -- from the application
    leaf BIGINT UNIQUE, -- index in the tree; NULL until the sequencer has placed it
    time_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    entry {blob} NOT NULL -- the bytes that are hashed into the tree
);
CREATE INDEX journal_subject ON journal (subject, id);
CREATE TABLE checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    root TEXT NOT NULL, -- hex
    note {blob} NOT NULL, -- the signed note as published
    signed_us BIGINT NOT NULL
);
CREATE TABLE request ( -- an act sent twice counts once
    id TEXT NOT NULL PRIMARY KEY,
    act TEXT NOT NULL,
    answer TEXT,
    done_us BIGINT NOT NULL
);
