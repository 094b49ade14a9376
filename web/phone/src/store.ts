// store.ts - what lies on the phone: visits as they were last seen, drafts, files by their SHA-256, the outbox (IndexedDB)
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { hex, sha256 } from "../../app/src/sha256";
import type { Detail, Draft, KeptFile, Letter } from "./types";

interface Shape extends DBSchema {
  meta: { key: string; value: unknown };
  visits: { key: string; value: Detail };
  drafts: { key: string; value: Draft };
  files: { key: string; value: KeptFile };
  letters: { key: string; value: Letter };
}
let opened: Promise<IDBPDatabase<Shape>> | null = null;
const db = () => (opened ??= openDB<Shape>("mingqian-phone", 1, {
  upgrade(d) {
    d.createObjectStore("meta");
    d.createObjectStore("visits");
    d.createObjectStore("drafts", { keyPath: "key" });
    d.createObjectStore("files", { keyPath: "hash" });
    d.createObjectStore("letters", { keyPath: "id" });
  },
}));
/** What the reactivity of Vue has wrapped cannot be stored: a plain copy. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

export const getMeta = async <T>(key: string) => (await (await db()).get("meta", key)) as T | undefined;
export const putMeta = async (key: string, value: unknown) => { await (await db()).put("meta", plain(value), key); };
export const getVisit = async (key: string) => (await db()).get("visits", key);
export const putVisit = async (key: string, visit: Detail) => { await (await db()).put("visits", plain(visit), key); };
export const getDraft = async (key: string) => (await db()).get("drafts", key);
export const putDraft = async (draft: Draft) => { await (await db()).put("drafts", plain(draft)); };
export const allDrafts = async () => (await db()).getAll("drafts");
export const dropDraft = async (key: string) => { await (await db()).delete("drafts", key); };
export const allLetters = async () => (await (await db()).getAll("letters")).sort((a, b) => a.created - b.created);
export const putLetter = async (letter: Letter) => { await (await db()).put("letters", plain(letter)); };
export const dropLetter = async (id: string) => { await (await db()).delete("letters", id); };
export const getFile = async (hash: string) => (await db()).get("files", hash);

export async function keepFile(bytes: ArrayBuffer, type: string): Promise<string> {
  const hash = hex(sha256(new Uint8Array(bytes)));
  await (await db()).put("files", { hash, type, bytes });
  return hash;
}

/** Files that neither a draft nor a letter names any more. */
export async function sweepFiles() {
  const d = await db(), named = new Set<string>();
  for (const letter of await d.getAll("letters")) letter.files.forEach((hash) => named.add(hash));
  for (const draft of await d.getAll("drafts")) filesOf(draft).forEach((hash) => named.add(hash));
  for (const hash of await d.getAllKeys("files")) if (!named.has(hash)) await d.delete("files", hash);
}

/** Every file a draft names, each once. */
export function filesOf(draft: Draft): string[] {
  const all = [...draft.photos.map((p) => p.hash), ...draft.signatures.map((s) => s.hash), ...Object.values(draft.answers).map((a) => a.reuse?.hash ?? "")];
  return [...new Set(all.filter(Boolean))];
}

export async function wipe() {
  const d = await db();
  for (const store of ["meta", "visits", "drafts", "files", "letters"] as const) await d.clear(store);
}

/** 128 random bits: crypto.randomUUID does not exist on plain HTTP. */
export const newId = () => hex(crypto.getRandomValues(new Uint8Array(16)));
