// types.ts - what the server says about batches
export interface Batch { no: string; department: string | null; region: string | null; state: string; rows: number; refused: number; digest: string; sent: number; receipt: string | null; produced_by: string; produced: string; acknowledged_by: string | null; acknowledged: string | null }
export interface Counts { published: number; accepted: number; sent: number; refused: number; missing: number; twice: number; gone: number }
export interface Missing { target: string; name: string; publication: string; correction: number; task: string; task_name: string; item: string; department: string; published: string; attempts: number; reason: string | null }
export interface BatchRow { seqno: number; target: string; publication: string; attempt: number; state: string; reason: string | null }
export interface Refusal { seqno: number; reason: string }
