// api.ts - the one way to the server
import { language } from "./texts";

export interface Failure { status: number; code: string; title?: string; zh?: string; en?: string; detail?: string }
export class ApiError extends Error {
  constructor(readonly failure: Failure) { super(words(failure)); }
  get status() { return this.failure.status; }
  get offline() { return this.failure.status === 0 || this.failure.status >= 502; }
}
const words = (f: Failure) => {
  const text = (language.value === "en" ? f.en : f.zh) || f.title || f.code;
  return f.detail ? `${text}: ${f.detail}` : text;
};
let csrf = "";
export const setToken = (token: string) => { csrf = token; };

const WAIT_MS = 30000;

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language.value === "en" ? "en" : "zh-CN" };
  const file = body instanceof Blob, stop = new AbortController(), timer = setTimeout(() => stop.abort(), file ? 4 * WAIT_MS : WAIT_MS);
  if (body !== undefined) headers["Content-Type"] = file ? (body as Blob).type : "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  try {
    const response = await fetch("/api/v1" + path, { method, headers, body: body === undefined ? undefined : file ? (body as Blob) : JSON.stringify(body), credentials: "same-origin", cache: "no-store", signal: stop.signal });
    const json = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : undefined;
    if (!response.ok) throw new ApiError({ code: `http_${response.status}`, ...json, status: response.status });
    return json as T;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError({ status: 0, code: "offline", zh: "连不上服务器", en: "The server cannot be reached" });
  } finally {
    clearTimeout(timer);
  }
}
