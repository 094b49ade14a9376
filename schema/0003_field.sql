-- 0003_field: from the drawn target to its public result: notices, records of visits, follow-up, what the public says.

-- notices 检查通知书 ---------------------------------------------------------------------------------------------------
-- hash: target
CREATE TABLE notice ( -- what a target was told before a visit; withdrawn and replaced ones stay
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    visit BIGINT NOT NULL, -- visit.id
    task TEXT NOT NULL,
    department TEXT NOT NULL, -- who issues it: the lead of the task
    year BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, … without a gap per department and year
    no TEXT NOT NULL, -- 市场监督管理局检通〔2026〕1号
    state TEXT NOT NULL, -- issued | withdrawn
    content TEXT NOT NULL, -- JSON: all that it says (mod/notice/notice.h)
    digest TEXT NOT NULL, -- SHA-256 of content, hex
    replaces TEXT, -- number of the withdrawn one that it stands for
    issued_us BIGINT NOT NULL,
    issued_by TEXT NOT NULL, -- actor
    delivery TEXT, -- personal 直接送达 | post 邮寄 | message 短信 | portal 网上
    delivered_day BIGINT,
    delivered_by TEXT, -- actor
    receiver TEXT, -- who took it, words
    read_us BIGINT, -- the target confirmed it on its page
    withdrawn_us BIGINT,
    withdraw_reason TEXT,
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, id)
);
CREATE INDEX notice_task ON notice (task, target);
CREATE TABLE notice_number ( -- the last number that was given
    department TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (department, year)
);
CREATE TABLE notice_register ( -- 登记簿: every number once
    department TEXT NOT NULL,
    year BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    target TEXT NOT NULL,
    notice BIGINT NOT NULL,
    PRIMARY KEY (department, year, seq)
);

-- records 检查记录 and evidence ----------------------------------------------------------------------------------------
-- hash: target
CREATE TABLE record ( -- 随机抽查情况记录表: one per visit, gathered from hand-ins until it is submitted; then a fact
    target TEXT NOT NULL,
    visit BIGINT NOT NULL, -- visit.id
    task TEXT NOT NULL,
    state TEXT NOT NULL, -- open | submitted
    outcome TEXT, -- checked 已检查 | uncooperative 不配合检查 | unreachable 无法联系 | closed 已关闭停业
    methods TEXT, -- JSON array of method codes
    entrusted TEXT, -- the professional body that was entrusted 委托专业机构
    checkin_us BIGINT,
    checkin_code TEXT, -- as it was scanned or typed; NULL: without
    checkin_right BIGINT, -- 1: it is the code of this visit or target; 0: it is not
    checkin_reason TEXT, -- why without a code
    checkin_place TEXT, -- words
    lon_udeg BIGINT, -- WGS 84, millionths of a degree
    lat_udeg BIGINT,
    accuracy_m BIGINT,
    start_us BIGINT,
    end_us BIGINT,
    refusal TEXT, -- why the target did not sign
    witness TEXT, -- who saw the refusal
    witness_identity TEXT, -- what the witness is: 居委会工作人员
    remarks TEXT,
    produced_us BIGINT, -- when the record was finished, by the clock of the server
    device_us BIGINT, -- the same by the clock of the device
    received_us BIGINT, -- when it arrived
    submitted_by TEXT, -- actor
    digest TEXT, -- SHA-256 of the hand-in that submitted it, hex
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, visit)
);
CREATE INDEX record_task ON record (task, target);
-- hash: target
CREATE TABLE record_answer ( -- what was found for one item; another answer is a further version, never an overwriting
    target TEXT NOT NULL,
    visit BIGINT NOT NULL,
    item TEXT NOT NULL,
    version BIGINT NOT NULL, -- 1, 2, …: compare-and-set
    item_version BIGINT NOT NULL,
    department TEXT NOT NULL,
    answer TEXT NOT NULL, -- none 未发现问题 | problem 发现问题 | not_applicable 不涉及
    problem TEXT, -- words; required with a problem
    codes TEXT NOT NULL, -- JSON array of result codes
    disposal TEXT, -- a follow-up code 后续处置
    law TEXT, -- JSON {law, article}, one of the item's basis
    points TEXT, -- JSON array of {content, answer}
    reuse TEXT, -- JSON {kind, from, no, day, hash}: another department's conclusion, a judgment, an expert opinion
    inspector TEXT NOT NULL, -- who answered
    answered_us BIGINT NOT NULL,
    PRIMARY KEY (target, visit, item)
);
-- hash: target
CREATE TABLE record_signature (
    target TEXT NOT NULL,
    visit BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, …
    role TEXT NOT NULL, -- inspector | target | witness
    inspector TEXT,
    name TEXT NOT NULL,
    certificate TEXT, -- number of the certificate that was shown
    hash TEXT, -- the picture, an evidence
    signed_us BIGINT NOT NULL,
    PRIMARY KEY (target, visit, seq)
);
-- hash: target
CREATE TABLE record_evidence ( -- which files belong to a record
    target TEXT NOT NULL,
    visit BIGINT NOT NULL,
    hash TEXT NOT NULL,
    kind TEXT NOT NULL, -- photo | document | signature
    item TEXT, -- NULL: the whole visit
    name TEXT, -- words
    place TEXT,
    taken_us BIGINT NOT NULL,
    lon_udeg BIGINT,
    lat_udeg BIGINT,
    inspector TEXT NOT NULL,
    late BIGINT NOT NULL, -- 1: it came after the record was submitted
    PRIMARY KEY (target, visit, hash)
);
-- hash: target
CREATE TABLE record_handin ( -- every hand-in as it came from a device: a fact, counted once by its id
    target TEXT NOT NULL,
    id TEXT NOT NULL, -- made by the device
    visit BIGINT NOT NULL,
    task TEXT NOT NULL,
    inspector TEXT NOT NULL,
    state TEXT NOT NULL, -- saved | submitted | late | conflict
    digest TEXT NOT NULL, -- SHA-256 of the content, hex
    content TEXT NOT NULL, -- JSON
    conflicts TEXT, -- JSON array of item codes
    skew_us BIGINT NOT NULL, -- what was added to the times of the device
    received_us BIGINT NOT NULL,
    PRIMARY KEY (target, id)
);
CREATE INDEX record_handin_visit ON record_handin (target, visit, received_us);
CREATE TABLE evidence ( -- files below DIR/evidence, named by their SHA-256
    hash TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL, -- image/jpeg | image/png | application/pdf
    bytes_count BIGINT NOT NULL,
    inspector TEXT NOT NULL, -- who handed it in
    received_us BIGINT NOT NULL
);
-- hash: target
CREATE TABLE target_place ( -- where a target was found last: by the check-ins
    target TEXT NOT NULL PRIMARY KEY,
    lon_udeg BIGINT NOT NULL,
    lat_udeg BIGINT NOT NULL,
    found_us BIGINT NOT NULL
);

-- follow-up 后续监管, leads 线索, campaigns 专项检查 -------------------------------------------------------------------------
-- hash: target
CREATE TABLE result_step ( -- every act on a result, with what it said afterwards: what was before stays readable
    target TEXT NOT NULL,
    result BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, …
    act TEXT NOT NULL, -- as in the journal
    state TEXT NOT NULL, -- after it
    codes TEXT NOT NULL, -- JSON array
    methods TEXT, -- JSON array
    detail TEXT,
    note TEXT, -- opinion, legal reason, reason of a correction
    actor TEXT NOT NULL,
    acted_us BIGINT NOT NULL,
    PRIMARY KEY (target, result, seq)
);
-- hash: target
CREATE TABLE revocation ( -- a decision was revoked 撤销: its result leaves the public within 5 working days
    target TEXT NOT NULL,
    result BIGINT NOT NULL,
    document_no TEXT NOT NULL, -- of what revoked it
    reason TEXT NOT NULL,
    revoked_day BIGINT NOT NULL,
    due_day BIGINT, -- NULL while the calendar lacks the year
    department TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    noted_us BIGINT NOT NULL,
    withdrawn_by TEXT,
    withdrawn_us BIGINT, -- NULL: still public
    PRIMARY KEY (target, result)
);
CREATE INDEX revocation_open ON revocation (due_day, target, result) WHERE withdrawn_us IS NULL;
-- hash: target
CREATE TABLE followup ( -- what follows a result
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    result BIGINT NOT NULL,
    task TEXT NOT NULL,
    item TEXT NOT NULL,
    department TEXT NOT NULL, -- that carries it out
    region TEXT, -- of the target
    measure TEXT NOT NULL, -- code of the dictionary followups, or abnormal_list 列入经营异常名录
    state TEXT NOT NULL, -- open | ordered | recheck | closed | referred | case_filed | transferred
    content TEXT, -- what is ordered
    due_day BIGINT,
    document_no TEXT,
    evidence TEXT,
    done_day BIGINT,
    opened_by TEXT NOT NULL,
    opened_us BIGINT NOT NULL,
    closed_us BIGINT,
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, id),
    UNIQUE (target, result, measure)
);
CREATE INDEX followup_clock ON followup (state, (COALESCE(due_day, 0)), target, id);
-- hash: target
CREATE TABLE followup_step (
    target TEXT NOT NULL,
    followup BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, …
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    day BIGINT, -- of a re-check
    note TEXT,
    evidence TEXT,
    document_no TEXT,
    actor TEXT NOT NULL,
    stepped_us BIGINT NOT NULL,
    PRIMARY KEY (target, followup, seq)
);
-- hash: target
CREATE TABLE followup_file ( -- photographs and documents of a follow-up, below DIR/evidence by their SHA-256
    target TEXT NOT NULL,
    followup BIGINT NOT NULL,
    hash TEXT NOT NULL,
    id BIGINT NOT NULL, -- of a personal one: DIR/evidence/personal/ID, sealed with keys/person.key
    name TEXT NOT NULL, -- as it was handed in; of a personal one sealed
    type TEXT NOT NULL, -- image/jpeg | image/png | application/pdf
    bytes_count BIGINT NOT NULL,
    personal BIGINT NOT NULL, -- 1: it tells of a person
    added_by TEXT NOT NULL,
    added_us BIGINT NOT NULL,
    PRIMARY KEY (target, followup, hash)
);
-- hash: target
CREATE TABLE referral ( -- 移送, 抄告 to another department
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    followup BIGINT NOT NULL,
    from_department TEXT NOT NULL,
    to_department TEXT NOT NULL,
    region TEXT,
    kind TEXT NOT NULL, -- transfer 移送 | notify 抄告
    basis TEXT NOT NULL,
    evidence TEXT, -- JSON array: the papers handed over
    state TEXT NOT NULL, -- sent | received | answered
    sent_by TEXT NOT NULL,
    sent_us BIGINT NOT NULL,
    receipt_no TEXT,
    received_by TEXT,
    received_us BIGINT,
    feedback TEXT,
    answered_by TEXT,
    answered_us BIGINT,
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, id)
);
CREATE INDEX referral_to ON referral (to_department, state, id);
CREATE INDEX referral_from ON referral (from_department, state, id);
-- hash: target
CREATE TABLE recognition ( -- 结果互认: one department's result spares another's visit
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    result BIGINT NOT NULL, -- the origin
    task TEXT NOT NULL,
    item TEXT NOT NULL,
    from_department TEXT NOT NULL,
    to_department TEXT NOT NULL,
    to_item TEXT NOT NULL,
    region TEXT,
    valid_to_day BIGINT NOT NULL,
    state TEXT NOT NULL, -- offered | accepted | refused | lapsed: its result left the public
    reason TEXT,
    visit_avoided BIGINT NOT NULL, -- 1: it stands for a visit
    offered_by TEXT NOT NULL,
    offered_us BIGINT NOT NULL,
    decided_by TEXT,
    decided_us BIGINT,
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, id),
    UNIQUE (target, result, to_department, to_item)
);
CREATE INDEX recognition_to ON recognition (to_department, state, id);
CREATE INDEX recognition_from ON recognition (from_department, state, id);
CREATE INDEX recognition_valid ON recognition (target, id) WHERE state = 'accepted' AND visit_avoided = 1;
CREATE TABLE lead ( -- 线索 (regulation 二(七)): checked at once, without a draw
    code TEXT NOT NULL PRIMARY KEY, -- receipt number: X, region 6, date 8, four digits
    source TEXT NOT NULL, -- assigned 交办转办 | complaint 投诉举报 | patrol 日常巡查 | monitoring 数据监测
    channel TEXT NOT NULL, -- office | portal
    region TEXT NOT NULL,
    department TEXT, -- that handles it; NULL until one is named
    target TEXT, -- where it is in the registry
    target_name TEXT,
    place TEXT,
    content TEXT NOT NULL,
    received_day BIGINT NOT NULL,
    due_day BIGINT, -- to decide; NULL while the calendar lacks the year
    state TEXT NOT NULL, -- received | triage | inspecting | disposed | replied | closed
    outcome TEXT, -- violation 属实 | unfounded 不属实 | unaccepted 不予受理 | campaign 纳入专项检查
    measure TEXT, -- of the dictionary followups
    document_no TEXT,
    findings TEXT,
    reply TEXT,
    campaign TEXT,
    token_hash TEXT, -- of the code with which its sender asks how it stands
    reporter {blob}, -- JSON sealed with keys/person.key: name, telephone, address; NULL: nobody or anonymous
    received_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);
CREATE INDEX lead_state ON lead (state, code);
CREATE INDEX lead_target ON lead (target) WHERE target IS NOT NULL;
CREATE INDEX lead_campaign ON lead (campaign) WHERE campaign IS NOT NULL;
CREATE TABLE lead_step (
    lead TEXT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, …
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    note TEXT,
    actor TEXT NOT NULL,
    stepped_us BIGINT NOT NULL,
    PRIMARY KEY (lead, seq)
);
CREATE TABLE lead_inspection ( -- the check that a lead set off: no draw, and it does not count against the yearly caps
    lead TEXT NOT NULL,
    seq BIGINT NOT NULL,
    day BIGINT NOT NULL,
    inspectors TEXT NOT NULL, -- JSON array of codes, two or more
    methods TEXT, -- JSON array
    remarks TEXT,
    PRIMARY KEY (lead, seq)
);
CREATE TABLE campaign ( -- 专项检查: what leads show to be common, checked through a draw with its own ratio
    code TEXT NOT NULL PRIMARY KEY, -- Z, region 6, date 8, four digits
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    region TEXT NOT NULL,
    department TEXT NOT NULL, -- that leads it
    terms TEXT NOT NULL, -- JSON: items, scope, strata, participants, from, to, as of an ad hoc task (mod/task/task.h)
    state TEXT NOT NULL, -- draft | approved | filed | running
    document_no TEXT, -- of its filing 备案
    filed_day BIGINT,
    task TEXT,
    drafted_by TEXT NOT NULL,
    approved_by TEXT,
    created_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);

-- what enterprises and citizens say: ratings, objections, reports ------------------------------------------------------
-- hash: target
CREATE TABLE objection ( -- 异议: what a target says against a published result; once for each result
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    result BIGINT NOT NULL,
    task TEXT NOT NULL,
    item TEXT NOT NULL,
    department TEXT NOT NULL, -- that answers: the result's
    region TEXT, -- of the target
    channel TEXT NOT NULL, -- code 凭检查码 | account 企业账号
    content TEXT NOT NULL,
    publish BIGINT NOT NULL, -- 1: the target wants it to stand beside the result, with the answer
    state TEXT NOT NULL, -- received | answered
    due_day BIGINT, -- to answer; NULL while the calendar lacks the year
    outcome TEXT, -- upheld 成立, and the result is corrected | rejected 不成立
    answer TEXT,
    answered_by TEXT,
    answered_us BIGINT,
    received_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, id),
    UNIQUE (target, result)
);
CREATE INDEX objection_state ON objection (state, id);
-- ratings 检查评价 (docs/spec/rating-1.md): nothing here says which target gave which rating
-- hash: target
CREATE TABLE rating_claim ( -- whose token was given out; no time, no token
    target TEXT NOT NULL,
    visit BIGINT NOT NULL,
    PRIMARY KEY (target, visit)
);
CREATE TABLE rating_slot ( -- one for each visit of a task, made together; a token takes one that is free by chance
    task TEXT NOT NULL,
    slot BIGINT NOT NULL,
    token_hash TEXT UNIQUE, -- NULL: free
    used BIGINT NOT NULL, -- 1: the token has rated
    PRIMARY KEY (task, slot)
);
CREATE TABLE rating_sum ( -- how often each mark was given: no single rating is kept
    task TEXT NOT NULL,
    department TEXT NOT NULL,
    question TEXT NOT NULL, -- lawful 依法规范 | clean 廉洁 | polite 文明 | spare 不扰企
    mark BIGINT NOT NULL, -- 1 to 5
    given_count BIGINT NOT NULL,
    PRIMARY KEY (task, department, question, mark)
);
-- hash: target
CREATE TABLE recusal_request ( -- 申请回避: before a visit, that an inspector steps back; granted, the next reserve came
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    visit BIGINT NOT NULL,
    task TEXT NOT NULL,
    department TEXT NOT NULL, -- whose inspectors
    region TEXT, -- of the target
    source TEXT NOT NULL, -- target 检查对象申请 | inspector 检查人员申报
    whom TEXT NOT NULL, -- inspector who is to step back; - : the reason says who
    reason TEXT NOT NULL, -- the grounds, and what shows them
    state TEXT NOT NULL, -- asked | granted | refused
    due_day BIGINT, -- to answer; NULL while the calendar lacks the year
    answer TEXT,
    inspector TEXT, -- granted: who stepped back
    substitute TEXT, -- granted: the reserve who came
    answered_by TEXT, -- who decided
    answered_us BIGINT,
    asked_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, id),
    UNIQUE (target, visit, department, whom)
);
CREATE INDEX recusal_request_state ON recusal_request (state, id);

-- performance assessment 绩效考核: departments, never persons; shares, never how many checks or fines ----------------------------
CREATE TABLE assessment ( -- 考核方案 of a period
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    region TEXT NOT NULL, -- of the conference
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    state TEXT NOT NULL, -- draft | open | closed
    hours BIGINT NOT NULL, -- of training that count as trained
    created_by TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    filled_us BIGINT, -- when the figures were filled in last
    closed_us BIGINT,
    row_version BIGINT NOT NULL
);
CREATE INDEX assessment_region ON assessment (region, id);
CREATE TABLE assessment_indicator (
    assessment BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- 1, 2, …
    name TEXT NOT NULL,
    source TEXT NOT NULL, -- manual | plan | published | in_time | records | followups | registry | training
    weight_bp BIGINT NOT NULL, -- all together 10000
    aim_bp BIGINT NOT NULL, -- the share that earns the full score
    words TEXT,
    PRIMARY KEY (assessment, seq)
);
CREATE TABLE assessment_mark ( -- one department, one indicator
    assessment BIGINT NOT NULL,
    department TEXT NOT NULL,
    seq BIGINT NOT NULL,
    part_count BIGINT, -- the figure; NULL: assessed by people alone
    whole_count BIGINT,
    self_bp BIGINT, -- 自评
    self_note TEXT,
    evidence TEXT,
    self_by TEXT,
    review_bp BIGINT, -- 评审
    review_note TEXT,
    review_by TEXT,
    row_version BIGINT NOT NULL,
    PRIMARY KEY (assessment, department, seq)
);

-- archives 一案一档, 一户一档, 尽职照单 ------------------------------------------------------------------------------------
CREATE TABLE archive ( -- one that was asked for; its bytes lie in DIR/exports until they are forgotten
    id BIGINT NOT NULL PRIMARY KEY, -- job.id
    account BIGINT NOT NULL,
    kind TEXT NOT NULL, -- task | target | inspector
    code TEXT NOT NULL, -- of it
    from_day BIGINT, -- of an inspector
    to_day BIGINT,
    base TEXT, -- how the office was reached, for the codes on notices
    bytes_count BIGINT, -- NULL until it is complete
    files_count BIGINT,
    digest TEXT, -- SHA-256, hex
    created_us BIGINT NOT NULL
);
CREATE INDEX archive_account ON archive (account, id);

-- exchange with other platforms ----------------------------------------------------------------------------------------
CREATE TABLE exchange_batch ( -- 批次: one file for the national publicity system 国家企业信用信息公示系统
    no TEXT NOT NULL PRIMARY KEY, -- region 6 + date 8 + 4
    department TEXT, -- whose publications; NULL = all departments
    region TEXT, -- of the targets, with what lies below; NULL = all regions
    state TEXT NOT NULL, -- produced | acknowledged
    rows_count BIGINT NOT NULL, -- publications in it
    refused_count BIGINT NOT NULL, -- by its receipt
    digest TEXT NOT NULL, -- SHA-256 of DIR/exchange/<no>.json, hex
    sent_count BIGINT NOT NULL, -- how often it was handed over
    receipt TEXT, -- number of the receipt 回执号
    produced_by TEXT NOT NULL,
    produced_us BIGINT NOT NULL,
    acknowledged_by TEXT,
    acknowledged_us BIGINT,
    row_version BIGINT NOT NULL
);
-- hash: target
CREATE TABLE exchange_row ( -- a publication or correction in a batch; attempt + 1 only after a refusal: never in two batches at once
    target TEXT NOT NULL,
    publication BIGINT NOT NULL,
    attempt BIGINT NOT NULL, -- 1, 2, …
    batch TEXT NOT NULL,
    seq BIGINT NOT NULL, -- seqno in the file, from 1
    state TEXT NOT NULL, -- sent | accepted | refused
    reason TEXT, -- why it was refused
    PRIMARY KEY (target, publication, attempt)
);
CREATE INDEX exchange_row_batch ON exchange_row (batch, seq);

-- the portal ---------------------------------------------------------------------------------------------------------------
-- hash: target
CREATE TABLE takedown ( -- 撤下: a publication the portal no longer shows, and why; asked for by one, decided by another. The log stays whole
    target TEXT NOT NULL,
    publication BIGINT NOT NULL,
    id BIGINT NOT NULL, -- of the last request: requests are listed by it
    region TEXT, -- of the target, when it was asked: row scope
    department TEXT NOT NULL,
    reason TEXT NOT NULL, -- public once taken down
    basis TEXT NOT NULL, -- law and article, likewise
    state TEXT NOT NULL, -- asked | taken | refused
    asked_by TEXT NOT NULL,
    asked_us BIGINT NOT NULL,
    decided_by TEXT,
    decided_us BIGINT,
    opinion TEXT, -- why it was refused
    taken_us BIGINT, -- NULL: still public
    row_version BIGINT NOT NULL,
    PRIMARY KEY (target, publication)
);
CREATE INDEX takedown_id ON takedown (id);
CREATE INDEX publication_department ON publication (department, published_us, target, id);
CREATE INDEX publication_task ON publication (task, published_us, target, id);
CREATE INDEX publication_item ON publication (item, published_us, target, id);

-- visits that are made together ----------------------------------------------------------------------------------------
CREATE TABLE merging ( -- tasks at one target become one visit 进一次门、查多项事 (regulation 二(五))
    id BIGINT NOT NULL PRIMARY KEY,
    target TEXT NOT NULL,
    region TEXT NOT NULL, -- of the target, when it was proposed: row scope
    lead TEXT NOT NULL, -- the department that decides: that of the task whose window ends first
    state TEXT NOT NULL, -- proposed | accepted | declined | lapsed
    from_day BIGINT NOT NULL, -- the days within the windows of all tasks
    to_day BIGINT NOT NULL,
    day BIGINT, -- proposed, from accepted agreed; NULL: the calendar lacks the year
    visit_count BIGINT NOT NULL,
    reason TEXT, -- why it was declined
    proposed_us BIGINT NOT NULL,
    decided_by TEXT,
    decided_us BIGINT,
    row_version BIGINT NOT NULL
);
CREATE INDEX merging_target ON merging (target, id);
CREATE INDEX merging_lead ON merging (lead, state, day);
CREATE TABLE merging_visit (
    merging BIGINT NOT NULL,
    visit BIGINT NOT NULL,
    task TEXT NOT NULL,
    PRIMARY KEY (merging, visit)
);
CREATE TABLE merging_department ( -- who goes along, and has seen what was decided
    merging BIGINT NOT NULL,
    department TEXT NOT NULL,
    seen_us BIGINT,
    PRIMARY KEY (merging, department)
);
CREATE INDEX merging_of_department ON merging_department (department, merging);

-- plans: what was checked, what was filed 备案 ----------------------------------------------------------------------------
CREATE TABLE plan_check ( -- the latest check of a plan over the registry: it can be made again at any time
    plan TEXT NOT NULL PRIMARY KEY,
    row_version BIGINT NOT NULL, -- of the plan it looked at
    content TEXT NOT NULL, -- JSON, as the API gives it
    checked_us BIGINT NOT NULL
);
CREATE TABLE plan_filing ( -- the document that was filed with the government, under its digest
    plan TEXT NOT NULL,
    digest TEXT NOT NULL, -- SHA-256, hex
    content {blob} NOT NULL,
    name TEXT NOT NULL, -- of the file as it was handed in
    type TEXT NOT NULL, -- media type
    bytes_count BIGINT NOT NULL,
    filed_by TEXT NOT NULL,
    filed_us BIGINT NOT NULL,
    PRIMARY KEY (plan, digest)
);

-- credit-risk classes 信用风险分类 (docs/spec/risk-1.md): internal, never published -----------------------------------------
CREATE TABLE risk_scheme ( -- how a class follows from facts, in versions
    version BIGINT NOT NULL PRIMARY KEY, -- 1, 2, …
    department TEXT, -- whose targets it classes; NULL = of all departments
    region TEXT, -- row scope; NULL = all regions
    state TEXT NOT NULL, -- draft | approved | in_force | superseded | withdrawn
    name TEXT NOT NULL,
    content TEXT NOT NULL, -- risk-1
    digest TEXT NOT NULL, -- SHA-256 of content, hex
    reason TEXT NOT NULL, -- why it was drafted
    note TEXT, -- of the latest step
    drafted_by TEXT NOT NULL,
    drafted_us BIGINT NOT NULL,
    approved_by TEXT,
    approved_us BIGINT,
    in_force_us BIGINT,
    row_version BIGINT NOT NULL
);
CREATE TABLE risk_run ( -- one computation over the targets of a scope: it proposes, people apply
    id BIGINT NOT NULL PRIMARY KEY,
    scheme BIGINT NOT NULL,
    department TEXT,
    region TEXT,
    day BIGINT NOT NULL, -- of which the facts are
    state TEXT NOT NULL, -- running | broken (the server stopped) | proposed | applying | applied | discarded | cancelled
    target_count BIGINT NOT NULL,
    change_count BIGINT NOT NULL,
    sample_count BIGINT NOT NULL, -- changes to be looked at before they are applied
    counts TEXT, -- JSON: how many of each class before and after, and moves
    salt TEXT, -- hex: opens the digest, and orders the sample
    digest TEXT, -- SHA-256 of the salt and the list of changes, hex
    started_by TEXT NOT NULL,
    started_us BIGINT NOT NULL,
    proposed_us BIGINT,
    decided_by TEXT,
    decided_us BIGINT,
    reason TEXT, -- why it was discarded
    row_version BIGINT NOT NULL
);
-- hash: target
CREATE TABLE risk_change ( -- what a run proposes for one target, and why
    target TEXT NOT NULL,
    run BIGINT NOT NULL,
    before TEXT,
    after TEXT NOT NULL,
    score_c BIGINT NOT NULL, -- 1/100 point
    reasons TEXT NOT NULL, -- JSON array of {rule, value, times, points_c}
    observed_before_day BIGINT,
    observed_to_day BIGINT, -- first day after the observation period; NULL = none
    observed_rule TEXT,
    sampled BIGINT NOT NULL, -- 1: to be looked at
    verdict TEXT, -- agreed | refused
    note TEXT,
    reviewer TEXT,
    outcome TEXT, -- applied | kept (changed by somebody else meanwhile) | refused; NULL until applied
    PRIMARY KEY (target, run)
);
CREATE INDEX risk_change_run ON risk_change (run, target);
CREATE INDEX risk_change_sample ON risk_change (run, target) WHERE sampled = 1;
-- hash: target
CREATE TABLE risk_observation ( -- the present observation period of a target, and who or what set it
    target TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL, -- rule | hand
    rule TEXT,
    rule_name TEXT,
    run BIGINT,
    until_day BIGINT, -- first day after it; NULL = ended
    reason TEXT,
    actor TEXT NOT NULL,
    changed_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL
);
-- hash: target
CREATE TABLE risk_observing ( -- every period that a person set or ended: what a digest in the journal stands for
    target TEXT NOT NULL,
    id BIGINT NOT NULL,
    until_day BIGINT,
    reason TEXT NOT NULL,
    salt TEXT NOT NULL, -- hex
    actor TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (target, id)
);
CREATE TABLE risk_bringing ( -- one handing in of such indicators
    id BIGINT NOT NULL PRIMARY KEY,
    department TEXT, -- of who brought them
    region TEXT,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    as_of_day BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    unknown_count BIGINT NOT NULL, -- of those: no target of this scope
    salt TEXT NOT NULL, -- hex: opens the digest in the journal
    actor TEXT NOT NULL,
    at_us BIGINT NOT NULL
);
-- hash: target
CREATE TABLE risk_external ( -- indicators brought in from elsewhere
    target TEXT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    as_of_day BIGINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (target, name)
);
