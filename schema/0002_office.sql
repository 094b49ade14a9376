-- 0002_office: accounts of the office 账号, sessions, invitations, long work.

-- accounts --------------------------------------------------------------------------------------------------------
CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE, -- [a-z0-9._-]{2,32}
    name TEXT NOT NULL,
    -- 三员: the three administrators, those who do the work and those who are inspected are five kinds that never mix. An
    -- account has one kind, and account_role lets it hold only roles of that kind.
    kind TEXT NOT NULL CHECK (kind IN ('system', 'security', 'audit', 'business', 'enterprise')),
    department TEXT, -- row scope; NULL = all departments
    region TEXT, -- row scope with what lies below; NULL = all regions
    unit TEXT, -- the unit it belongs to; department and region are then the unit's
    target TEXT UNIQUE, -- kind enterprise: the one target it speaks for, and whose rows alone it sees
    inspector TEXT UNIQUE, -- who of the inspectors it is: the account then has that inspector's visits
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    password TEXT, -- argon2id, as libsodium writes it; NULL until the invitation is used
    totp {blob}, -- secret of the second factor, sealed with keys/account.key
    totp_step BIGINT NOT NULL, -- the last time step used: a code counts once
    failures BIGINT NOT NULL, -- in a row
    locked_until_us BIGINT NOT NULL, -- 0 = not locked
    created_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL,
    UNIQUE (id, kind),
    CHECK ((kind = 'enterprise' AND target IS NOT NULL AND department IS NULL AND region IS NULL AND inspector IS NULL)
        OR (kind <> 'enterprise' AND target IS NULL))
);
CREATE TABLE account_role (
    account BIGINT NOT NULL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (account, role),
    FOREIGN KEY (account, kind) REFERENCES account (id, kind),
    CHECK ((kind <> 'business' AND role = kind)
        OR (kind = 'business' AND role IN ('clerk', 'reviewer', 'head', 'secretary', 'inspector', 'expert', 'observer', 'notary')))
);
CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the cookie, hex: the token itself is nowhere
    id BIGINT NOT NULL UNIQUE,
    account BIGINT NOT NULL,
    csrf TEXT NOT NULL,
    agent TEXT, -- the browser's words about itself
    created_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account, id);
CREATE TABLE invitation ( -- a one-time link
    token_hash TEXT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    purpose TEXT NOT NULL, -- invite | reset
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);
CREATE INDEX invitation_account ON invitation (account);
CREATE TABLE calendar_feed ( -- 日历订阅: a secret address under which calendar programs read the deadlines of an account
    account BIGINT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of the token in the address, hex: the token itself is nowhere
    created_us BIGINT NOT NULL
);

-- organisation 机构: province, city, county, station -----------------------------------------------------------------
CREATE TABLE unit ( -- a body that keeps accounts: 省局, 市局, 县局, 监管所. Level, parent, region and department never change
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    level TEXT NOT NULL, -- province | city | county | station
    parent TEXT, -- unit of a higher level; NULL = a root
    region TEXT NOT NULL, -- row scope with what lies below
    department TEXT, -- NULL = all departments (the office of the conference)
    retired_us BIGINT,
    row_version BIGINT NOT NULL
);

-- dictionaries 字典 in versions --------------------------------------------------------------------------------------
CREATE TABLE dict_word ( -- the words in force: results 检查结果, methods 检查方式, followups 后续处置
    dict TEXT NOT NULL,
    code TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    position BIGINT NOT NULL,
    retired BIGINT NOT NULL,
    PRIMARY KEY (dict, code)
);
CREATE TABLE dictionary ( -- every version that was handed in, whole
    dict TEXT NOT NULL, -- regions | industries | holidays | results | methods | followups | templates
    version BIGINT NOT NULL, -- 1, 2, …
    base BIGINT NOT NULL, -- the version in force when it was handed in
    state TEXT NOT NULL, -- proposed | effective | superseded | withdrawn
    content TEXT NOT NULL, -- JSON: rows of texts in the order of the columns
    rows_count BIGINT NOT NULL,
    reason TEXT,
    proposed_by TEXT NOT NULL,
    proposed_us BIGINT NOT NULL,
    decided_by TEXT,
    decided_us BIGINT,
    PRIMARY KEY (dict, version)
);

-- long work 后台任务 ------------------------------------------------------------------------------------------------
CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL, -- import.check | import.run | import.undo | import.recover | export | draw.simulate | draw.seal | draw.run | draw.assign
    subject TEXT NOT NULL,
    account BIGINT NOT NULL,
    state TEXT NOT NULL, -- waiting | running | done | failed | cancelled
    error TEXT, -- code of an error
    why TEXT, -- its particulars
    result TEXT, -- JSON: what it gives, where that is not stored elsewhere
    created_us BIGINT NOT NULL,
    ended_us BIGINT
);
CREATE INDEX job_account ON job (account, id);
CREATE TABLE upload ( -- a file handed in for an import; its bytes lie in DIR/uploads
    id BIGINT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    kind TEXT NOT NULL, -- targets | items | inspectors | experts | recusals
    name TEXT NOT NULL, -- of the file as it was handed in
    department TEXT,
    bytes_count BIGINT NOT NULL,
    state TEXT NOT NULL, -- checking | unmapped | checked | importing | done | failed | cancelled | undoing | undone
    report TEXT, -- JSON
    undo TEXT, -- JSON: why and how it was undone
    job BIGINT NOT NULL, -- the latest
    created_us BIGINT NOT NULL
);
CREATE INDEX upload_account ON upload (account, id);
CREATE TABLE import_change ( -- rows that an import of the office made or changed, kept to undo it (ADR 0006)
    import BIGINT NOT NULL, -- upload.id
    seq BIGINT NOT NULL, -- from 1, in the order they were made
    line BIGINT NOT NULL, -- of the file
    key TEXT NOT NULL, -- of the row in its register
    effect TEXT NOT NULL, -- new | changed
    before TEXT, -- JSON of the row before; NULL = there was none
    after TEXT, -- JSON of what the import made of it; NULL = as it was handed in (targets: row_version tells)
    state TEXT NOT NULL, -- applied | undone | removed | kept
    why TEXT, -- kept: changed | referred
    PRIMARY KEY (import, seq)
);
CREATE TABLE import_mapping ( -- how a department reads a row of headers
    department TEXT NOT NULL, -- * = an account without department
    kind TEXT NOT NULL,
    headers TEXT NOT NULL, -- SHA-256 of the headers, hex
    fields TEXT NOT NULL, -- JSON array: a field or null for each column
    updated_us BIGINT NOT NULL,
    PRIMARY KEY (department, kind, headers)
);
CREATE TABLE export ( -- a list written to a file; its bytes lie in DIR/exports
    id BIGINT NOT NULL PRIMARY KEY, -- job.id
    account BIGINT NOT NULL,
    list TEXT NOT NULL,
    format TEXT NOT NULL, -- csv | xlsx
    filters TEXT, -- JSON
    risk BIGINT NOT NULL, -- 1: the account may see risk classes
    rows_count BIGINT, -- NULL until it is complete
    bytes_count BIGINT,
    created_us BIGINT NOT NULL
);
CREATE INDEX export_account ON export (account, id);

-- the item list: reviews, joint items, changes of the law (regulation 二(二)) ---------------------------------------
CREATE TABLE item_review ( -- every step of a version, with the reviewer's opinion
    list TEXT NOT NULL, -- item | joint
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, …
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    actor TEXT NOT NULL,
    opinion TEXT,
    moved_us BIGINT NOT NULL,
    PRIMARY KEY (list, code, version, seq)
);
CREATE TABLE joint_item ( -- 联合抽查事项, bundles 综合查一次, 一业一查, and 联合抽查实施办法: versions and states as items have them
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL, -- draft | legal_review | published | suspended | retired
    kind TEXT NOT NULL, -- joint | once 综合查一次 | trade 一业一查 | rules 实施办法
    domain TEXT NOT NULL, -- 抽查领域; of a bundle the industry or scenario
    name TEXT NOT NULL,
    target_scope TEXT,
    lead TEXT NOT NULL, -- 发起部门
    partners TEXT, -- JSON array of department codes 配合部门
    levels TEXT, -- JSON array, as item
    items TEXT, -- JSON array of item codes, in the order in which they are done
    body TEXT, -- of rules: their words
    reason TEXT,
    published_us BIGINT,
    PRIMARY KEY (code, version)
);
CREATE TABLE basis_change ( -- a law that ends, is replaced or amended
    id BIGINT NOT NULL PRIMARY KEY,
    law TEXT NOT NULL, -- without 《》
    article TEXT, -- 第三十三条; NULL = the whole
    kind TEXT NOT NULL, -- ended | replaced | amended
    day BIGINT NOT NULL, -- from when on
    note TEXT,
    entered_by TEXT NOT NULL,
    entered_us BIGINT NOT NULL
);
CREATE INDEX basis_change_law ON basis_change (law, day);
CREATE TABLE basis_reminder ( -- an item that cites it: a change is begun within a month
    change BIGINT NOT NULL,
    item TEXT NOT NULL,
    version BIGINT NOT NULL, -- that cites it
    due_day BIGINT NOT NULL,
    state TEXT NOT NULL, -- open | drafted | kept | retired
    closed_by TEXT,
    closed_us BIGINT,
    reason TEXT, -- why no change is needed
    PRIMARY KEY (change, item)
);
CREATE INDEX basis_reminder_item ON basis_reminder (item, state);
-- people 执法检查人员, 专家: what only the office knows ---------------------------------------------------------------
CREATE TABLE person_private ( -- sealed with keys/person.key; shown masked, never published, never exported
    registry TEXT NOT NULL CHECK (registry IN ('inspector', 'expert')),
    code TEXT NOT NULL,
    phone {blob},
    id_no {blob}, -- 公民身份号码
    updated_us BIGINT NOT NULL,
    PRIMARY KEY (registry, code)
);
CREATE TABLE inspector_training ( -- 业务培训
    inspector TEXT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    day BIGINT NOT NULL,
    hours_count BIGINT NOT NULL, -- 学时
    organiser TEXT,
    result TEXT NOT NULL CHECK (result IN ('passed', 'failed', 'attended')),
    PRIMARY KEY (inspector, id)
);
CREATE TABLE inspector_team ( -- named groups of inspectors of one department
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    department TEXT NOT NULL,
    region TEXT,
    lead TEXT, -- an inspector of the team
    purpose TEXT,
    updated_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);
CREATE TABLE inspector_team_member (
    team TEXT NOT NULL,
    inspector TEXT NOT NULL,
    PRIMARY KEY (team, inspector)
);
CREATE INDEX inspector_team_member_of ON inspector_team_member (inspector, team);

-- saved filters of the target registry 已存筛选: the scopes of draws ------------------------------------------------------
CREATE TABLE saved_filter (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    department TEXT, -- of its maker; NULL = the whole office
    owner TEXT NOT NULL, -- actor: user:17
    shared BIGINT NOT NULL, -- 1: the whole department uses and keeps it
    scope TEXT NOT NULL, -- JSON as that of a plan line (mod/plan/terms.h)
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);
CREATE INDEX saved_filter_owner ON saved_filter (owner);
