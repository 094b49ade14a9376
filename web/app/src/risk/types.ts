// risk/types.ts - credit-risk classes as the API gives them
export interface Rule { code: string; name: string; fact: string; external: string | null; op: string; n: number; points: number; times: number; weight: number }
export interface Parsed { window: number; classes: { label: string; least: number }[]; rules: Rule[]; observe: { code: string; name: string; industry: string | null; tag: string | null; months: number }[] }
export interface Scheme { version: number; state: string; name: string; reason: string; note: string | null; drafted: string; approved: string | null; in_force: string | null; mine: boolean; row_version: number; content?: string; scheme?: Parsed }
export interface Counts { before: Record<string, number>; after: Record<string, number>; moves: Record<string, Record<string, number>>; observed: number; observe_changes: number }
export interface Run { id: string; scheme: number; day: string; state: string; targets: number; changes: number; sample: number; counts: Counts | null; mine: boolean; scheduled: boolean; started: string; reason: string | null; row_version: number; open?: number; refused?: number; job?: string | null }
export interface Why { rule: string; name: string; value: number; times: number; points_c: number }
export interface Change { target: string; name: string | null; before: string | null; after: string; score_c: number; why: Why[]; observed_before: string | null; observed_to: string | null; sampled: boolean; verdict: string | null; note: string | null; outcome: string | null }
/** Hundredths of a point as people read them. */
export const points = (c: number) => (c / 100).toLocaleString(undefined, { maximumFractionDigits: 2 });
/** Labels in order, those without a class at the end. */
export const labels = (...counts: Record<string, number>[]) => [..."ABCDE", "-"].filter((l) => counts.some((c) => c[l]));
/** A starting text: what domain practice counts, in four classes. */
export const TEMPLATE = `mingqian-risk/v1
name 通用型企业信用风险分类
window 730
class A 0
class B 20
class C 45
class D 70
rule revoked status >= 1 points 60 times 1 weight 100 已吊销或撤销
rule licence licence_expired >= 1 points 20 times 1 weight 100 许可过期
rule lost unreachable >= 1 points 25 times 1 weight 100 通过登记住所无法联系
rule problems problems each 1 points 12 times 3 weight 100 检查发现问题
rule false false_info >= 1 points 30 times 1 weight 100 公示信息弄虚作假
rule refusal uncooperative >= 1 points 35 times 1 weight 100 不配合检查情节严重
rule overdue followups_overdue each 1 points 20 times 2 weight 100 逾期未改正
rule complaints complaints each 2 points 10 times 3 weight 100 投诉举报属实
rule young age_months <= 12 points 5 times 1 weight 100 成立不满一年
rule clean clean_results each 2 points -5 times 2 weight 100 连续未发现问题
observe platform 12 industry I64 互联网平台等新业态
`;
