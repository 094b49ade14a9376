// types.ts - the rows of the API, as docs/how-to/api.md describes them
export interface Point { content: string; how?: string }
export interface Basis { law: string; article?: string; text?: string; from?: string | null; to?: string | null }
export interface Item {
  code: string; version: number; state: string; domain: string; name: string; class: string; track: string; department: string;
  partners?: string[] | null; levels?: string[] | null; target_scope?: string | null; points?: Point[] | null; methods?: string[] | null;
  legal_basis?: Basis[] | null; cap_bp?: number | null; frequency?: string | null; skills?: string[] | null; reason?: string | null;
  valid_from?: string | null; valid_to?: string | null; published?: string | null; target_tags?: string[] | null; expert_needed?: boolean; in_force?: number | null;
}
export interface Joint {
  code: string; version: number; state: string; kind: string; domain: string; name: string; target_scope?: string | null; lead: string; partners?: string[] | null;
  levels?: string[] | null; items?: string[] | null; body?: string | null; reason?: string | null; published?: string | null;
}
export interface Step { version: number; from: string; to: string; actor: string; opinion?: string | null; time: string }
export interface Reminder {
  change: string; item: string; version: number; name: string; department: string; law: string; article?: string | null; kind: string; day: string; note?: string | null;
  due: string; state: string; days_left: number; closed_by?: string | null; closed?: string | null; reason?: string | null;
}
export interface Target {
  code: string; kind: string; entity_type?: string | null; name: string; former_names?: string[] | null; legal_rep?: string | null;
  address?: string | null; business_address?: string | null; contact?: string | null; industry?: string | null; region?: string | null;
  region_derived?: boolean; authority?: string | null; station?: string | null; capital?: string | null; status: string; established?: string | null;
  risk_class?: string | null; risk_as_of?: string | null; licences?: { name: string; no?: string; issuer?: string; to?: string }[] | null;
  departments?: string[] | null; claimed?: string[] | null; holder?: string | null; particulars?: Record<string, string> | null; unreachable?: boolean; tags?: string[] | null; last_visit?: string | null; visits_year?: number; source?: string | null; updated?: string; row_version?: number;
}
export type Warning = "expired" | "7" | "30" | "90";
export interface Certificate { kind: string; no: string; issuer?: string | null; valid_to: string; days_left?: number; warning?: Warning | null }
export interface Leave { from: string; to: string; reason?: string | null }
export interface Recusal { target: string; name?: string | null; kind: string; evidence?: string | null; declared?: string; ended?: string | null; end_reason?: string | null }
export interface Secondment { task: string; department: string; anywhere: boolean; reason: string; lent: string; ended?: string | null; end_reason?: string | null }
export interface Training { id: string; name: string; day: string; hours: number; organiser?: string | null; result: string }
export interface Inspector {
  code: string; name: string; department: string; level?: string | null; region?: string | null; regions?: string[] | null; skills?: string[] | null;
  valid_to?: string | null; days_left?: number | null; warning?: Warning | null; work_to?: string | null; away_to?: string | null; why_not?: string | null;
  items?: string[] | null; cap_count: number; lead: boolean; state: string; state_reason?: string | null; certificates?: Certificate[]; leave?: Leave[];
  recusals?: Recusal[]; secondments?: Secondment[]; training?: Training[]; teams?: { code: string; name: string }[]; phone_masked?: string | null; id_no_masked?: string | null;
  updated?: string; row_version?: number;
}
export interface Team {
  code: string; name: string; department: string; region?: string | null; lead?: string | null; lead_name?: string | null; purpose?: string | null;
  row_version?: number; ready?: number; members: number;
}
export interface Expert {
  code: string; name: string; department?: string | null; region?: string | null; organisation?: string | null; specialty?: string[] | null; contract_no?: string | null;
  contract_from?: string | null; contract_to?: string | null; days_left?: number | null; warning?: Warning | null; conflicts?: string[] | null; state: string;
  state_reason?: string | null; phone_masked?: string | null; id_no_masked?: string | null; updated?: string; row_version?: number;
}
export interface Change { time: string; act: string; actor: string; detail: Record<string, unknown> | null }
