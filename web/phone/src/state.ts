// state.ts - who works here, the visits, and the sending of what waits. Everything is in IndexedDB first; the network only follows.
import { computed, reactive, ref } from "vue";
import { ApiError, call, setToken } from "./api";
import * as store from "./store";
import { t } from "./texts";
import type { Answer, Detail, Draft, Inspector, Item, Letter, ServerAnswer, Visit, Word } from "./types";

export interface Me { login: string; name: string; permissions: string[]; office: string; csrf: string }
export const state = reactive({
  ready: false, me: null as Me | null, inspector: null as Inspector | null, visits: [] as Visit[], letters: [] as Letter[], drafts: {} as Record<string, Draft>,
  online: navigator.onLine, syncing: false, synced: 0, offset: 0, lapsed: false, problem: "",
  words: { results: [] as Word[], methods: [] as Word[], followups: [] as Word[] },
});
export const route = ref(location.hash.slice(1) || "/");
window.addEventListener("hashchange", () => { route.value = location.hash.slice(1) || "/"; scrollTo(0, 0); });
export const go = (to: string) => { location.hash = to; };

export const keyOf = (v: { task: string; target: string }) => `${v.task}/${v.target}`;
const place = (key: string) => `${state.inspector?.code ?? ""} ${key}`;
/** The time by the clock of the server, for people; what is recorded is the clock of this device, which the server corrects. */
export const now = () => Date.now() + state.offset;
export const waiting = computed(() => state.letters.filter((l) => l.state !== "done"));

/* --- begin and end ------------------------------------------------------------------------------------------------- */

export async function begin() {
  try {
    await navigator.storage?.persist?.();
  } catch { /* the browser decides */ }
  const kept = await store.getMeta<Pick<typeof state, "me" | "inspector" | "visits" | "words" | "synced" | "offset">>("state");
  if (kept) Object.assign(state, kept);
  if (state.me) setToken(state.me.csrf);
  await reload();
  state.ready = true;
}
async function reload() {
  state.letters = await store.allLetters();
  for (const draft of await store.allDrafts()) state.drafts[draft.key] ??= draft; // an open page keeps the one it has
}
const keepState = () => store.putMeta("state", { me: state.me, inspector: state.inspector, visits: state.visits, words: state.words, synced: state.synced, offset: state.offset });

export async function logIn(login: string, password: string, totp: string) {
  const me = await call<Me>("POST", "/session", { login, password, ...(totp ? { totp } : {}) });
  if (state.me && state.me.login !== me.login) { // another person: nothing is shared, and nothing of the other's is lost
    if (waiting.value.length || Object.keys(state.drafts).length) throw new ApiError({ status: 409, code: "other", zh: `本机有 ${state.me.name} 未上报的资料`, en: `${state.me.name} has undelivered work here` });
    await store.wipe();
    Object.assign(state, { inspector: null, visits: [], letters: [], drafts: {}, synced: 0 });
  }
  state.me = me;
  state.lapsed = false;
  setToken(me.csrf);
  await keepState();
  await sync();
}
export async function logOut() {
  try { await call("DELETE", "/session"); } catch { /* the session ends by itself */ }
  await store.wipe();
  Object.assign(state, { me: null, inspector: null, visits: [], letters: [], drafts: {}, synced: 0, lapsed: false });
  setToken("");
  go("/");
}

/* --- drafts ---------------------------------------------------------------------------------------------------------- */

export const emptyAnswer = (): Answer => ({ base: 0, answer: "", problem: "", codes: [], disposal: "", law: null, points: {}, reuse: null, at: 0, dirty: false });

export async function draftOf(visit: Detail): Promise<Draft> {
  const key = keyOf(visit);
  let draft = state.drafts[key];
  if (!draft) {
    draft = { key, inspector: state.inspector?.code ?? "", start: Date.now(), checkin: null, outcome: "checked", methods: ["on_site"], entrusted: "", answers: {}, photos: [], signatures: [], refusal: "", witness: "", witness_identity: "", remarks: "", locked: false };
    state.drafts[key] = draft;
    draft = state.drafts[key];
  }
  for (const item of visit.items) draft.answers[item.code] ??= emptyAnswer();
  adopt(draft, visit.record?.answers ?? []);
  return draft;
}
/** Answers of the other inspectors, where nothing was answered here since. */
export function adopt(draft: Draft, answers: ServerAnswer[]) {
  for (const a of answers) {
    const mine = draft.answers[a.item] ?? emptyAnswer();
    if (mine.dirty || mine.base >= a.version) continue;
    draft.answers[a.item] = { base: a.version, answer: a.answer, problem: a.problem ?? "", codes: a.codes, disposal: a.disposal ?? "", law: a.law ?? null, points: Object.fromEntries(a.points.map((p) => [p.content, p.answer])), reuse: a.reuse ?? null, at: a.at, dirty: false };
  }
}
const same = (mine: Answer, theirs: ServerAnswer) => mine.answer === theirs.answer && mine.problem === (theirs.problem ?? "") && mine.disposal === (theirs.disposal ?? "") && (mine.law?.law ?? "") === (theirs.law?.law ?? "") && (mine.law?.article ?? "") === (theirs.law?.article ?? "");
/** What somebody of the team answered otherwise while this phone did not know it. */
export function conflicts(draft: Draft, answers: ServerAnswer[]): ServerAnswer[] {
  return answers.filter((a) => { const mine = draft.answers[a.item]; return mine?.dirty && mine.base < a.version && !same(mine, a); });
}
export async function save(draft: Draft) {
  await store.putDraft(draft);
}

/* --- documents --------------------------------------------------------------------------------------------------------- */

const filled = (o: Record<string, unknown>) => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== "" && v !== null && v !== undefined && !(Array.isArray(v) && v.length === 0)));
/** Degrees as the record holds them: millionths. */
const udeg = (o: { lon?: number; lat?: number }) => (o.lon === undefined || o.lat === undefined ? {} : { lon_udeg: Math.round(o.lon * 1e6), lat_udeg: Math.round(o.lat * 1e6) });

function answersOf(draft: Draft, items: Item[], onlyDirty: boolean) {
  const all = items.map((i) => ({ item: i, a: draft.answers[i.code] })).filter(({ a }) => a?.answer && (!onlyDirty || a.dirty));
  return all.map(({ item, a }) => filled({
    item: item.code, answer: a.answer, problem: a.answer === "problem" ? a.problem.trim() : "", codes: a.answer === "problem" ? a.codes : [], disposal: a.answer === "problem" ? a.disposal : "",
    law: a.answer === "problem" && a.law ? filled({ law: a.law.law, article: a.law.article }) : null,
    points: item.points.filter((p) => a.points[p.content]).map((p) => ({ content: p.content, answer: a.points[p.content] })),
    reuse: a.reuse ? filled({ ...a.reuse }) : null, base: a.base, at: a.at,
  }));
}
/** The times are those of this device: the server is told its clock while sending. */
export function documentOf(visit: Detail, draft: Draft, final: boolean): Record<string, unknown> {
  const head = { id: store.newId(), target: visit.target, task: visit.task, produced: Date.now(), answers: answersOf(draft, visit.items, !final) };
  const k = draft.checkin;
  return filled({
    ...head, outcome: draft.outcome, methods: draft.outcome === "checked" ? draft.methods : [], entrusted: draft.methods.includes("entrusted") ? draft.entrusted : "", start: draft.start, end: Date.now(), final: final || null,
    checkin: k ? filled({ at: k.at, code: k.code, reason: k.reason, place: k.place, ...udeg(k), accuracy_m: k.accuracy === undefined ? null : Math.min(1000000, Math.round(k.accuracy)) }) : null,
    evidence: draft.photos.map((p) => filled({ hash: p.hash, kind: p.kind, item: p.item, name: p.name, place: p.place, at: p.at, ...udeg(p) })),
    signatures: final ? draft.signatures.map((s) => filled({ ...s })) : [],
    refusal: final ? draft.refusal.trim() : "", witness: final && draft.refusal ? draft.witness.trim() : "", witness_identity: final && draft.refusal ? draft.witness_identity.trim() : "", remarks: draft.remarks.trim(),
  });
}
export async function post(visit: Detail, draft: Draft, final: boolean) {
  const document = documentOf(visit, draft, final), key = keyOf(visit);
  for (const old of state.letters.filter((l) => l.key === key && l.state !== "sending" && (!l.final || final))) await drop(old); // what was not delivered is told anew
  const letter: Letter = { id: document.id as string, key, inspector: draft.inspector, name: visit.name, final, created: Date.now(), document, files: store.filesOf(draft), state: "waiting", tries: 0, tried: 0, why: "", conflicts: [], answers: [] };
  if (final) draft.locked = true;
  await store.putLetter(letter);
  await save(draft);
  await reload();
  void sync();
}
async function drop(letter: Letter) {
  await store.dropLetter(letter.id);
  state.letters = state.letters.filter((l) => l.id !== letter.id);
}
const isOver = (key: string) => state.visits.some((v) => keyOf(v) === key && v.state === "submitted");
async function forget(key: string) {
  delete state.drafts[key];
  await store.dropDraft(key);
  await store.sweepFiles();
}
export async function takeBack(letter: Letter) {
  const draft = state.drafts[letter.key];
  await drop(letter);
  if (isOver(letter.key)) await forget(letter.key); // the server has kept the other answer as it was handed in
  else if (draft) { draft.locked = false; await save(draft); }
}
/** The answers that differed were chosen between. */
export async function settle(key: string) {
  for (const letter of state.letters.filter((l) => l.key === key && l.state === "conflict")) await drop(letter);
}

/* --- sending ------------------------------------------------------------------------------------------------------------ */

interface Taken { state: string; record: string; files: string[]; conflicts: string[]; answers: ServerAnswer[]; now: number }

async function putFiles(letter: Letter) {
  if (!letter.files.length) return;
  const { missing } = await call<{ missing: string[] }>("POST", "/my/evidence", { hashes: letter.files });
  for (const hash of missing) {
    const file = await store.getFile(hash);
    if (!file) throw new ApiError({ status: 422, code: "ERR_MISSING", zh: "本机没有这个文件", en: "A file is not on this phone", detail: hash.slice(0, 8) });
    await call("PUT", "/my/evidence/" + hash, new Blob([file.bytes], { type: file.type }));
  }
}
/** Delivered is what the server has acknowledged by the full list of its files. */
async function delivered(letter: Letter, taken: Taken) {
  const held = new Set(taken.files);
  if (!letter.files.every((hash) => held.has(hash))) throw new ApiError({ status: 0, code: "ERR_MISSING", zh: t("not_full"), en: t("not_full") });
  const draft = state.drafts[letter.key];
  const ended = taken.record === "submitted" && taken.state !== "conflict";
  if (taken.state === "conflict") Object.assign(letter, { state: "conflict", conflicts: taken.conflicts, answers: taken.answers, why: taken.record === "submitted" ? t("late_conflict") : "" });
  if (draft && !ended) {
    for (const a of taken.answers) {
      const mine = draft.answers[a.item];
      if (!mine?.dirty || taken.conflicts.includes(a.item) || a.inspector !== letter.inspector) continue;
      mine.base = a.version; // what was changed here meanwhile is based on it
      if (same(mine, a)) mine.dirty = false;
    }
    adopt(draft, taken.answers);
    if (taken.state === "conflict") draft.locked = false;
    await save(draft);
  }
  const visit = await store.getVisit(place(letter.key));
  if (visit) {
    visit.record = { state: taken.record, outcome: null, checkin: null, place: null, produced: null, received: null, evidence: [], ...visit.record, answers: taken.answers };
    visit.record.state = taken.record;
    if (ended) visit.state = "submitted";
    await store.putVisit(place(letter.key), visit);
  }
  if (taken.state === "conflict") return store.putLetter(letter);
  await drop(letter);
  if (ended) await forget(letter.key);
  else await store.sweepFiles();
}
async function send(letter: Letter) {
  Object.assign(letter, { state: "sending", tries: letter.tries + 1, tried: Date.now(), why: "" });
  try {
    await putFiles(letter);
    await delivered(letter, await call<Taken>("POST", "/my/records", { record: letter.document, sent: Date.now() }));
  } catch (error) {
    const e = error as ApiError;
    letter.why = e.message;
    letter.state = e instanceof ApiError && !e.offline && e.status !== 401 && e.status !== 429 ? "refused" : "waiting";
    await store.putLetter(letter);
    if (letter.state === "waiting") throw error; // no use to try the others now
  }
}
async function refresh() {
  const asked = Date.now();
  const list = await call<{ rows: Visit[]; inspector: Inspector; now: number }>("GET", "/my/visits");
  state.offset = Math.abs(list.now - asked) > 90000 ? list.now - asked : 0;
  state.visits = list.rows;
  state.inspector = list.inspector;
  if (!state.words.results.length) {
    for (const name of ["results", "methods", "followups"] as const) state.words[name] = (await call<{ rows: Word[] }>("GET", "/words/" + name)).rows;
  }
  state.synced = Date.now();
  await keepState();
  for (const v of list.rows.filter((one) => one.state !== "submitted")) {
    const detail = await call<Detail>("GET", `/my/visits/${v.task}/${encodeURIComponent(v.target)}?base=${encodeURIComponent(location.origin)}`);
    await store.putVisit(place(keyOf(v)), detail);
  }
}
export const getVisit = (key: string) => store.getVisit(place(key));

let wanted = false; // asked for while one was under way: the network may have come back since
export async function sync(): Promise<void> {
  if (!state.me) return;
  if (state.syncing) {
    wanted = true;
    return;
  }
  state.syncing = true;
  wanted = false;
  state.problem = "";
  try {
    if (!(state.me.permissions ?? []).includes("visit.own")) return;
    if (!state.inspector) await refresh();
    for (const letter of state.letters.filter((l) => l.state === "waiting")) await send(letter);
    await refresh();
    state.online = true;
    state.lapsed = false;
  } catch (error) {
    const e = error as ApiError;
    if (e.status === 401) state.lapsed = true;
    else if (e instanceof ApiError && e.offline) state.online = false;
    else state.problem = e.status === 403 ? t("not_inspector") : e.message;
  } finally {
    await reload();
    state.syncing = false;
    if (wanted) void sync();
  }
}
window.addEventListener("online", () => { state.online = true; void sync(); });
window.addEventListener("offline", () => { state.online = false; });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") void sync(); });
setInterval(() => { if (waiting.value.some((l) => l.state === "waiting")) void sync(); }, 60000);
