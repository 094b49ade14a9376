// texts.ts - every word of the console, Chinese first, English second: the table of what is needed at once; texts/AREA.ts hold the rest
import { ref } from "vue";

const table = {
  brand: ["明签", "Mingqian"], brand_sub: ["双随机、一公开", "Random checks, published"], brand_long: ["双随机、一公开监管 · 办公端", "Random inspections · office console"],
  portal: ["公示平台", "Public portal"], menu: ["菜单", "Menu"], skip: ["跳到正文", "Skip to content"], ok: ["确定", "OK"], cancel: ["取消", "Cancel"],
  save: ["保存", "Save"], saved: ["已保存", "Saved"], edit: ["编辑", "Edit"], add: ["新增", "Add"], open: ["打开", "Open"], close: ["关闭", "Close"], back: ["返回", "Back"],
  yes: ["是", "yes"], no: ["否", "no"], all: ["全部", "All"], none: ["无", "none"], again: ["重试", "Try again"], search: ["搜索", "Search"], clear: ["清除", "Clear"],
  loading: ["正在载入…", "Loading…"], choices: ["选项", "Choices"], search_list: ["输入名称或编码查找", "Type a name or code"], no_match: ["没有匹配的选项", "Nothing matches"],
  remove_x: ["移除 {x}", "Remove {x}"], mark_all: ["选中本页全部", "Mark all on this page"], mark_x: ["选中 {x}", "Mark {x}"],
  pages: ["翻页", "Pages"], page_n: ["第 {n} 页", "Page {n}"], shown_n: ["本页 {n} 条", "{n} shown"], total_n: ["共 {n} 条", "{n} in all"], about_n: ["约 {n} 条", "about {n}"],
  per_page: ["每页", "Per page"], earlier: ["上一页", "Earlier"], later: ["下一页", "Later"], keys_hint: ["↑↓ 移动 · Enter 打开 · 空格选中 · PgUp/PgDn 翻页", "↑↓ move · Enter opens · Space marks · PgUp/PgDn turn"],
  unsaved: ["有未保存的修改", "Unsaved changes"], unsaved_dialog: ["关闭这个窗口，填写的内容将丢失。", "Closing this window loses what you typed."], unsaved_words: ["离开本页，修改将丢失。", "Leaving this page loses them."], leave: ["放弃修改", "Discard"], stay: ["留在本页", "Stay"],
  logged_out: ["已退出登录", "Logged out"], missing: ["没有这个页面", "No such page"], missing_words: ["地址可能已变更。", "The address may have changed."], forbidden: ["没有权限", "Not permitted"],
  forbidden_words: ["您的角色不能使用本页。需要时请联系安全管理员授权。", "Your roles do not include this page. The security administrator grants roles."],
  large: ["大字", "Large text"], dark: ["深色", "Dark"], logout: ["退出", "Log out"],
  // gate
  login: ["登录", "Log in"], account: ["账号", "Account"], password: ["密码", "Password"], totp: ["动态验证码", "One-time code"], totp_hint: ["打开手机上的验证器，输入 6 位数字", "Six digits from your authenticator"],
  login_help: ["没有账号？由系统管理员发出一次性邀请链接。忘记密码也请联系系统管理员。", "No account or password? The system administrator sends a one-time invitation."],
  invitation: ["启用账号", "Activate the account"], invitation_words: ["为账号 {x} 设置密码。链接只能使用一次。", "Set the password of {x}. The link works once."],
  password_new: ["新密码", "New password"], password_again: ["再输一次", "Once more"], password_rule: ["至少 8 位，含大写字母、小写字母、数字、符号中的三类", "8 or more characters of three kinds: capitals, small letters, digits, symbols"],
  password_differs: ["两次输入不一致", "The two differ"], activate: ["启用", "Activate"], invitation_missing: ["链接不完整，请从邀请中完整复制。", "The link is incomplete; copy all of it."],
  expired: ["登录已过期", "The session has ended"], expired_words: ["重新登录后继续，本页填写的内容还在。", "Log in to go on; what you typed is still here."], leave_page: ["放弃本页，回到登录", "Leave this page and go to login"],
  // menu
  desk: ["工作台", "Desk"], registers: ["一单两库", "Lists and registers"], administration: ["管理", "Administration"], items: ["抽查事项清单", "Item list"], targets: ["检查对象名录库", "Targets"],
  inspectors: ["执法检查人员", "Inspectors"], experts: ["专家库", "Experts"], import: ["导入", "Import"], import_start: ["打开导入向导", "Open the import wizard"], journal: ["留痕", "Journal"], exchange: ["数据交换", "Exchange"], keys: ["快捷键", "Keyboard"], system: ["系统", "System"],
  plans: ["年度抽查计划", "Plans"], conferences: ["联席会议", "Joint conference"], planning: ["计划与抽查", "Plans and checks"], assessment: ["统计", "Figures"], leaders: ["统计考核", "Figures"], assessments: ["绩效考核", "Performance assessment"], objections: ["异议", "Objections"], takedowns: ["撤下申请", "Take-downs"], enterprise: ["我的企业", "My enterprise"], role_enterprise: ["企业", "Enterprise"], account_kind_enterprise: ["企业", "Enterprise"],
  role_system: ["系统管理员", "System administrator"], role_security: ["安全管理员", "Security administrator"], role_audit: ["审计管理员", "Audit administrator"],
  role_clerk: ["经办人", "Clerk"], role_reviewer: ["审核人", "Reviewer"], role_head: ["部门负责人", "Head of department"], role_secretary: ["联席会议秘书", "Conference secretary"],
  role_inspector: ["执法检查人员", "Inspector"], role_expert: ["专家", "Expert"], role_observer: ["纪检监督", "Discipline observer"],
  // fields
  code: ["编码", "Code"], name: ["名称", "Name"], state: ["状态", "State"], status: ["登记状态", "Status"], department: ["部门", "Department"], departments: ["监管部门", "Departments"], region: ["地区", "Region"], industry: ["行业", "Industry"],
  version: ["版本", "Version"], version_n: ["第 {n} 版", "Version {n}"], versions: ["历次版本", "Versions"], kind: ["种类", "Kind"], reason: ["理由", "Reason"], from: ["起", "From"], to: ["止", "To"], until: ["有效至 {x}", "Until {x}"],
  valid_to: ["有效期至", "Valid to"], days_left: ["剩余", "Left"], days_n: ["{n} 天", "{n} days"], long_term: ["长期", "no end"], address: ["住所", "Address"], business_address: ["经营场所", "Place of business"],
  contact: ["联系电话", "Contact"], legal_rep: ["法定代表人", "Legal representative"], authority: ["登记机关", "Registering authority"], station: ["监管所", "Supervising station"], capital: ["注册资本", "Capital"], established: ["成立日期", "Established"],
  former_names: ["曾用名", "Former names"], source: ["来源", "Source"], updated: ["更新时间", "Updated"], last_visit: ["最近检查", "last visit"], visits_year: ["本年检查", "Visits this year"], done: ["已完成", "Done"], year: ["年份", "Year"], when: ["时间", "When"],
  reset: ["清除筛选", "Clear filters"], nothing_found: ["没有符合条件的记录", "Nothing matches these filters"], acts: ["操作", "Actions"], facts: ["基本信息", "Facts"],
  with_x: ["配合：{x}", "with {x}"], compare: ["比较", "Compare"], load_again: ["载入最新内容再改", "Load the newest and edit again"], on_portal: ["公示页", "Public page"],
  // items
  items_words: ["抽查什么、依据什么、怎样查。公布后才能抽查，每次修改成为新版本。", "What may be inspected, on which law, and how. Only published items may be inspected; every change is a new version."],
  item_name: ["抽查事项", "Item"], item_new: ["新增事项", "New item"], item_revise: ["修订", "Revise"], item_search: ["事项名称、领域或编码", "Name, domain or code"], domain: ["抽查领域", "Domain"], class: ["类别", "Class"], class_KEY: ["重点", "Key"], class_GENERAL: ["一般", "General"],
  class_hint: ["一般事项设抽查比例上限；重点事项不设上限", "General items have a cap on the share drawn; key items have none"], cap: ["比例上限", "Cap"], cap_percent: ["抽查比例上限（%）", "Cap on the share drawn (%)"], no_cap: ["不设上限", "no cap"],
  track: ["监管方式", "Track"], track_random: ["随机抽查", "Random"], track_key_supervision: ["重点监管", "Key supervision"], track_undisturbed: ["无事不扰", "Undisturbed"], frequency: ["抽查频次", "Frequency"],
  partners: ["配合部门", "Partners"], partners_hint: ["填写后成为联合抽查事项", "With partners it is a joint item"], levels: ["抽查层级", "Levels"], level_province: ["省级", "Province"], level_city: ["市级", "City"], level_county: ["县级", "County"], level_station: ["站所", "Station"],
  target_scope: ["检查对象", "Targets"], points: ["检查内容", "Checkpoints"], point_n: ["内容 {n}", "Point {n}"], point_add: ["增加一项内容", "Add a point"], how: ["检查方法", "How"], methods: ["检查方式", "Methods"], skills: ["专业要求", "Skills"],
  skills_hint: ["检查人员应具备的专长，用顿号分开", "Skills that inspectors need, separated by commas"], legal_basis: ["检查依据", "Legal basis"], law: ["法律、法规、规章", "Law"], article: ["条款", "Article"], law_text: ["条文", "Text"], law_add: ["增加一项依据", "Add a law"],
  reason_hint: ["随版本公布：为什么新增或修改", "Published with the version: why it exists"], code_hint: ["例如 SCJGJ-01；之后不变", "For example SCJGJ-01; it never changes"], part_basics: ["基本内容", "Basics"], save_draft: ["保存为草案", "Save as a draft"], content_now: ["最新内容", "Newest content"],
  items_empty: ["事项清单还是空的", "The item list is empty"], items_empty_words: ["已公布的清单表格可以整表导入，事项、类别、检查方式、检查依据等列会自动识别；也可以逐条起草。", "The published table goes in as it is: its columns are recognised. Or draft items one by one."],
  state_draft: ["草案", "Draft"], state_legal_review: ["合法性审查", "Legal review"], state_published: ["已公布", "Published"], state_suspended: ["暂停", "Suspended"], state_retired: ["废止", "Retired"],
  move_legal_review: ["送合法性审查", "Send to legal review"], move_published: ["公布", "Publish"], move_draft: ["退回修改", "Return"], move_suspended: ["暂停", "Suspend"], move_retired: ["废止", "Retire"], move_words: ["{name}：{from} → {to}", "{name}: {from} → {to}"],
  // targets
  targets_words: ["抽取时的总体。名单准、地址准，抽出来的才找得到。", "The population of every draw: only what is current here can be found there."], target: ["检查对象", "Target"], target_new: ["新增对象", "New target"],
  entity_type: ["主体类型", "Type"], risk_class: ["信用风险", "Risk class"], risk_A: ["低", "low"], risk_B: ["一般", "normal"], risk_C: ["较高", "raised"], risk_D: ["高", "high"], tag: ["标签", "Tag"], tags: ["标签", "Tags"], marked_n: ["已选 {n} 户", "{n} marked"], tag_them: ["批量打标签", "Tag them"], unmark: ["取消选择", "Unmark"],
  tag_n: ["为 {n} 户调整标签", "Tags of {n} targets"], tag_add: ["加上标签", "Add"], tag_remove: ["去掉标签", "Remove"], tag_hint: ["多个用顿号或空格分开", "Separate several by commas or spaces"], uscc_hint: ["统一社会信用代码，校验位有误会拒绝", "Unified social credit code; a wrong check digit is refused"],
  departments_hint: ["谁审批谁监管、谁主管谁监管；几个部门共用一条记录", "Several departments share one record"], region_derived: ["由代码第 3—8 位推定", "from characters 3–8 of the code"], licence: ["许可名称", "Licence"], licences: ["许可", "Licences"], licence_no: ["许可证号", "No."], licence_add: ["增加一项许可", "Add a licence"], licences_none: ["没有登记许可", "No licences"],
  issuer: ["发证机关", "Issuer"], results: ["检查结果", "Results"], results_none: ["还没有检查结果", "No results yet"], draws: ["被抽中", "Drawn"], draws_none: ["还没有被抽中过", "Never drawn so far"], changes: ["变更记录", "Changes"], changes_none: ["没有变更记录", "No changes recorded"],
  targets_empty: ["名录库还是空的", "The registry is empty"], targets_empty_words: ["从登记系统导出名单（Excel 或 CSV）后在这里导入，至少要有统一社会信用代码和名称两列；导入前先看试算。也可以逐户新增。", "Export the list of firms from the registration system (XLSX or CSV) and import it here; code and name are enough, and a dry run comes first. Or enter them one by one."],
  health: ["名录库体检", "Registry health"],
  // people
  own_skills: ["专长", "Skills"],   inspectors_words: ["证件有效、专长和区域相符、无须回避的人员才会进入匹配。", "Only those with a valid certificate, fitting skills and region and no recusal enter the matching."], person_search: ["姓名或编号", "Name or code"], lead: ["可任组长", "May lead"], level: ["层级", "Level"], range: ["执法区域", "Regions"], range_hint: ["不填即本部门全部区域", "Empty: all of the department's"],
  range_all: ["本部门全部区域", "all of the department's"], item_range: ["执法事项", "Items"], range_all_items: ["本部门全部事项", "all of the department's"], cap_count: ["每次任务上限", "Most places per draw"], person_active: ["在岗", "Active"], person_suspended: ["暂停", "Suspended"], person_left: ["离职", "Left"],
  certificate: ["执法证", "Certificate"], certificates: ["证件", "Certificates"], certificate_no: ["证号", "No."], certificate_add: ["登记证件", "Enter a certificate"], certificates_none: ["没有执法证：不能参加检查", "Without a certificate nobody inspects"], certificates_expiring: ["90 天内到期的证件", "Certificates that end within 90 days"],
  certificate_national: ["行政执法证", "National"], certificate_provincial: ["省执法证", "Provincial"], certificate_technical: ["技术资格证", "Technical"], leave_calendar: ["请假", "Leave"], leave_none: ["没有请假", "No leave"], recusals: ["回避", "Recusals"], recusal_add: ["登记回避", "Declare a recusal"], recusals_none: ["没有登记回避", "None declared"],
  recusal_relative: ["近亲属", "Relative"], recusal_interest: ["利害关系", "Interest"], recusal_declared: ["本人申报", "Declared"], recusal_requested: ["对象申请", "Requested"], recusal_other: ["其他", "Other"], evidence: ["依据", "Evidence"], target_code: ["检查对象代码", "Code of the target"],
  inspectors_empty: ["还没有执法检查人员", "No inspectors yet"], inspectors_empty_words: ["导入人员表（编号、姓名、部门、执法证号、有效期、专长），或者逐人登记。没有有效执法证的人不会被匹配。", "Import the staff list (number, name, department, certificate, valid to, skills), or enter them one by one. Without a valid certificate nobody is matched."],
  experts_words: ["专家只协助检查，不计入两名执法人员。", "Experts assist; they never count towards the two inspectors."], organisation: ["单位", "Organisation"], specialty: ["专业", "Specialty"], contract_to: ["聘期至", "Contract to"], conflicts: ["利益冲突对象", "Conflicts"],
  expert_active: ["在聘", "Active"], expert_left: ["离任", "Left"], experts_empty: ["专家库还是空的", "No experts yet"], experts_empty_words: ["导入专家表（编号、姓名、单位、专业、聘期），或者逐人登记。", "Import the list (number, name, organisation, specialty, contract), or enter them one by one."],
  // import
  import_words: ["先试算，再确认。有问题的行退出来并说明原因，没问题的行不受影响；同一文件再导入一次，什么也不会变。", "A dry run first. Bad rows come back with their reasons and the good ones enter; the same file twice changes nothing."], steps: ["步骤", "Steps"], step_file: ["选择文件", "Choose a file"], step_check: ["核对", "Check"], step_done: ["完成", "Done"],
  import_kind: ["导入到", "Into"], kind_targets: ["检查对象名录库", "Targets"], kind_items: ["抽查事项清单", "Item list"], kind_inspectors: ["执法检查人员", "Inspectors"], kind_experts: ["专家库", "Experts"], kind_recusals: ["回避登记", "Recusals"], import_department: ["默认部门", "Default department"], import_department_hint: ["文件里没有写部门的行归入此部门", "For rows that name none"],
  drop_here: ["把文件拖到这里", "Drop the file here"], drop_formats: ["Excel（.xlsx）或 CSV（UTF-8、GB18030），表头在前十行内", "XLSX or CSV (UTF-8, GB18030), the header within the first ten rows"], choose_file: ["选择文件", "Choose a file"], sending: ["正在上传 {n}…", "Sending {n}…"],
  "kind_joint-items": ["联合抽查事项清单", "Joint item list"],
  checking_now: ["正在核对", "Checking"], importing_now: ["正在导入", "Importing"], progress: ["进度", "Progress"], phase_reading: ["读取", "reading"], phase_writing: ["写入", "writing"], phase_indexing: ["建立索引", "indexing"], report_read: ["读到", "Read"], report_added: ["新增", "New"], report_changed: ["变更", "Changed"], report_unchanged: ["未变", "Unchanged"], report_rejected: ["退回", "Rejected"],
  unused: ["没有用到的列：{x}", "Columns not used: {x}"], region_derived_n: ["{n} 户的地区由代码推定", "The region of {n} targets was derived from the code"], rejects_title: ["{n} 行有问题", "{n} rows are wrong"],
  import_confirm: ["确认导入 {n} 行", "Import {n} rows"], import_done: ["导入完成，已记入留痕。", "Imported, and entered in the journal."], import_failed: ["文件没有被接受，什么也没有改变", "The file was refused; nothing changed"], nothing_new: ["没有新的内容可以导入。", "There is nothing new to import."], another_file: ["换一个文件", "Another file"], file: ["文件", "File"], imports_past: ["最近的导入", "Recent imports"],
  upload_checking: ["核对中", "Checking"], upload_checked: ["待确认", "To be confirmed"], upload_importing: ["导入中", "Importing"], upload_done: ["已导入", "Imported"], upload_failed: ["未接受", "Refused"], upload_cancelled: ["已取消", "Cancelled"],
  statuses_active: ["存续", "Active"], statuses_cancelled: ["注销", "Deregistered"], statuses_revoked: ["吊销", "Revoked"], statuses_rescinded: ["撤销", "Rescinded"], statuses_moved: ["迁出", "Moved away"],
  entity_types_enterprise: ["企业", "Enterprise"], entity_types_individual: ["个体工商户", "Individual business"], entity_types_cooperative: ["农民专业合作社", "Cooperative"], entity_types_representative: ["外国企业常驻代表机构", "Representative office"], entity_types_other: ["其他", "Other"],
  kinds_entity: ["市场主体", "Entity"], kinds_product: ["产品", "Product"], kinds_project: ["项目", "Project"], kinds_behaviour: ["行为", "Behaviour"],
  methods_on_site: ["实地检查", "On-site"], methods_written: ["书面检查", "Documents"], methods_other_department: ["利用其他部门结果或专业意见", "Another department's result or an expert opinion"], methods_testing: ["检验检测", "Testing"], methods_online: ["网络监测", "Online monitoring"], methods_entrusted: ["委托专业机构", "Entrusted body"],
  results_no_problem: ["未发现问题", "No problem found"], results_not_disclosed: ["未按规定公示应当公示的信息", "Not disclosed as required"], results_false_disclosure: ["公示信息隐瞒真实情况、弄虚作假", "False disclosure"], results_unreachable: ["通过登记的住所（经营场所）无法联系", "Unreachable at the registered address"], results_rectification: ["发现问题已责令改正", "Correction ordered"],
  results_uncooperative: ["不配合检查情节严重", "Serious refusal to cooperate"], results_no_activity: ["未发现开展本次抽查涉及的经营活动", "No such activity found"], results_pending: ["发现问题待后续处理", "To be dealt with"], results_closed: ["已关闭停业或正在组织清算", "Closed or in liquidation"], results_cancelled: ["注销", "Deregistered"], results_revoked: ["被吊销", "Revoked"], results_rescinded: ["被撤销", "Rescinded"], results_moved: ["迁出", "Moved away"], results_qualified: ["合格", "Conforming"], results_unqualified: ["不合格", "Not conforming"],
  col_id: ["编号", "No."], col_correction: ["更正", "Correction"], col_task: ["任务编号", "Task"], col_task_name: ["任务", "Task"], col_item: ["事项编码", "Item"], col_codes: ["结果", "Result"], col_produced: ["检查日期", "Inspected"], col_published: ["公示时间", "Published"],
  col_draw: ["抽取编号", "Draw"], col_attempt: ["次", "Attempt"], col_position: ["顺序", "Position"], col_batch: ["批次", "Batch"], col_drawn: ["抽取时间", "Drawn"], col_act: ["操作", "Act"], col_time: ["时间", "Time"], col_actor: ["操作人", "By"],
  state_drawn: ["已抽取", "Drawn"], state_void: ["已作废", "Void"], state_sealed: ["已封存", "Sealed"], state_open: ["准备中", "Open"], state_locked: ["已锁定", "Locked"], state_beacon: ["等待信标", "Awaiting the beacon"],
  // desk
  handling: ["结果与处置", "Results and follow-up"], followups: ["后续处置", "Follow-up"], leads: ["线索与专项", "Leads and campaigns"], lead_list: ["线索", "Leads"],
  "todo_followup.open": ["待处置的检查结果", "Results to follow up"], "todo_referral.waiting": ["移送抄告待办理", "Referrals to handle"], "todo_lead.received": ["线索待分办", "Leads to assign"], "warning_followup.overdue": ["后续处置超期", "Follow-up overdue"], "warning_revocation.open": ["决定已撤销，结果待撤下", "Revoked, still public"],
  risk: ["信用风险分类", "Credit-risk classes"], mergings: ["合并检查", "Joint visits"], "todo_recusal.open": ["回避申请待决定", "Recusals to decide"], "warning_recusal.late": ["回避申请超期未决定", "Recusals overdue"], "todo_merging.open": ["可以合并进门的检查待决定", "Visits that could be made together"], "todo_merging.news": ["合并检查的决定待知悉", "Decisions on joint visits to note"],
  "todo_item.draft": ["事项草案待送审", "Draft items to hand in"], "todo_item.basis": ["事项依据有变更，待启动调整", "Items whose law changes"], "todo_item.review": ["事项待合法性审查", "Items in legal review"], "warning_certificate.expired": ["执法证已过期", "Certificates expired"], "warning_certificate.30": ["执法证 30 天内到期", "Certificates ending within 30 days"], "warning_contract.expired": ["专家聘期已满", "Contracts of experts over"], "warning_contract.7": ["专家聘期 7 天内到期", "Contracts ending within 7 days"], "warning_contract.30": ["专家聘期 30 天内到期", "Contracts ending within 30 days"], "warning_contract.90": ["专家聘期 90 天内到期", "Contracts ending within 90 days"], "warning_certificate.90": ["执法证 90 天内到期", "Certificates ending within 90 days"], "warning_certificate.7": ["执法证 7 天内到期", "Certificates ending within 7 days"], "warning_calendar.missing": ["工作日历缺少年份", "Year missing in the calendar"],
  morning: ["早上好，{name}", "Good morning, {name}"], afternoon: ["下午好，{name}", "Good afternoon, {name}"], evening: ["晚上好，{name}", "Good evening, {name}"], todos: ["待办", "To do"], todos_none: ["没有待办", "Nothing to do"], warnings: ["预警", "Warnings"], warnings_none: ["没有预警", "No warnings"],
  first_accounts: ["账号与角色", "Accounts and roles"], first_accounts_words: ["为各部门开设账号，发出一次性邀请链接", "Open accounts for the departments and send one-time links"], first_calendar: ["核对工作日历", "Check the calendar"], first_calendar_words: ["20 个工作日的期限按它计算", "The 20 working days are counted on it"],
  first_roles: ["授予角色", "Grant roles"], first_roles_words: ["新账号没有角色，什么也看不到", "A new account has no role and sees nothing"], first_matrix: ["查看权限表", "See the access table"], first_matrix_words: ["每个角色能做什么", "What each role may do"],
  // system
  tab_me: ["我的账号", "My account"], tab_accounts: ["账号", "Accounts"], tab_departments: ["部门", "Departments"], tab_calendar: ["工作日历", "Calendar"], tab_access: ["权限表", "Access"], roles: ["角色", "Roles"], roles_of: ["{x} 的角色", "Roles of {x}"], scope: ["数据范围", "Scope"], scope_hint: ["不选即全部部门、全部地区", "Empty: all departments, all regions"],
  three_admins: ["三员分立：系统管理员开设账号但看不到业务数据，安全管理员授予角色但不能开设账号，审计管理员只看留痕。三者互不兼任。", "Three administrators apart: one opens accounts and sees no business data, one grants roles and opens none, one reads the journal only. Nobody is two of them."],
  account_new: ["开设账号", "Open an account"], account_open: ["开设并生成邀请链接", "Open and make the link"], account_search: ["账号或姓名", "Login or name"], login_hint: ["2—32 位小写字母、数字、点、横线", "2–32 small letters, digits, dots, dashes"], account_kind_business: ["业务人员", "Business"], account_kind_system: ["系统管理员", "System administrator"], account_kind_security: ["安全管理员", "Security administrator"], account_kind_audit: ["审计管理员", "Audit administrator"],
  account_state_invited: ["已邀请", "Invited"], account_state_active: ["在用", "Active"], account_state_disabled: ["停用", "Disabled"], locked: ["锁定", "Locked"], invite_again: ["重发邀请", "New link"], invite_words: ["生成新的一次性链接；{x} 使用后，原密码失效。", "A new one-time link; when {x} uses it, the old password ends."], disable: ["停用", "Disable"], disable_words: ["{x} 的登录立即全部失效。", "All sessions of {x} end at once."], enable: ["启用", "Enable"], enable_words: ["{x} 可以重新登录。", "{x} may log in again."],
  link_title: ["一次性邀请链接", "One-time link"], link_words: ["请通过可靠的渠道交给 {x}。链接只显示这一次，只能使用一次。", "Hand it to {x} by a trustworthy channel. It is shown once and works once."], copy: ["复制", "Copy"], copied: ["已复制", "Copied"], departments_words: ["代码也是抽取时的参与方名称，不可更改。", "The code is also the name of the party in draws; it never changes."],
  calendar_missing: ["{y} 年的放假安排还没有导入：涉及该年的期限不会被推算。", "The holidays of {y} are missing: no deadline in that year is computed."], calendar_version: ["版本 {x}", "Version {x}"], day_off: ["放假", "day off"], day_work: ["调休上班", "make-up workday"], day_weekend: ["周末", "weekend"], off_mark: ["休", "off"], work_mark: ["班", "on"], permission: ["权限", "Permission"], access_words: ["下表就是程序执行的权限表。", "This is the table the program enforces."],
  password_change: ["修改密码", "Change the password"], password_old: ["原密码", "Old password"], password_changed: ["密码已修改，其他登录已失效", "Changed; all other sessions ended"], second_factor: ["第二因素", "Second factor"], totp_on: ["已启用动态验证码", "on"], totp_off: ["未启用", "off"], totp_enrol: ["启用动态验证码", "Turn on one-time codes"], totp_renew: ["更换验证器", "Change the authenticator"], totp_disable: ["停用动态验证码", "Turn off"],
  totp_qr: ["动态验证码的二维码", "QR code of the second factor"], totp_scan: ["用手机上的验证器扫描。", "Scan it with an authenticator."], totp_type: ["不能扫描时，手工输入：", "Or type:"], sessions: ["登录中的浏览器", "Sessions"], browser: ["浏览器", "Browser"], since: ["登录于", "Since"], seen: ["最近使用", "Last seen"], this_one: ["本机", "this one"], end_session: ["退出", "End"], end_all: ["全部退出", "Log out everywhere"],
  tasks: ["抽查任务", "Tasks"],
} as const;

export type TextKey = keyof typeof table;
export const language = ref<"zh" | "en">(localStorage.getItem("language") === "en" ? "en" : "zh");

type Texts = Record<string, readonly [string, string]>;
const all: Texts = { ...table };
/** Texts that only the pages of one area need (texts/AREA.ts), loaded with the first of those pages. */
export function addTexts(more: Texts): void { Object.assign(all, more); }

/** The text of a key in the current language; {name} is replaced from values. Unknown keys (codes of a newer server) stay as they are. */
export function t(key: TextKey | (string & {}), values: Record<string, string | number> = {}): string {
  const entry = all[key];
  const text = entry ? entry[language.value === "en" ? 1 : 0] : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
