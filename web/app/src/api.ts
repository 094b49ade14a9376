// api.ts - the one way to the server: typed answers, problems by RFC 9457, a lapsed session asked for again in place.
import { language } from "./texts";

export interface ProblemField { pointer?: string; code: string; detail?: string }
export interface Problem { status: number; code: string; title: string; detail?: string; errors?: ProblemField[]; [param: string]: unknown }

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
  }
  get status() { return this.problem.status; }
  get code() { return this.problem.code; }
}

export interface Answer<T> { data: T; etag: string | null; status: number; location: string | null }
export interface Options {
  query?: Record<string, unknown>;
  body?: unknown; // an object becomes JSON; a Blob goes as it is
  etag?: string | null; // of the row as it was read: If-Match
  key?: string; // Idempotency-Key: the same act sent twice counts once
  signal?: AbortSignal;
  quiet?: boolean; // no login dialog on 401
}

let csrf = "";
export function setToken(token: string) { csrf = token; }

/** How a lapsed session comes back: resolves when somebody has logged in again, rejects when the page is left. */
let renew: (() => Promise<void>) | null = null;
export function onExpired(handler: () => Promise<void>) { renew = handler; }

/** 128 random bits: crypto.randomUUID does not exist on plain HTTP. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

export function queryText(query: Record<string, unknown> = {}): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) {
      if (one !== undefined && one !== null && one !== "") {
        parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`);
      }
    }
  }
  return parts.length ? "?" + parts.join("&") : "";
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = { status: response.status, code: `http_${response.status}`, title: `${response.status} ${response.statusText}` };
  try {
    return { ...fallback, ...(await response.json()), status: response.status };
  } catch {
    return fallback;
  }
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language.value === "en" ? "en" : "zh-CN" };
  let body: BodyInit | undefined;
  if (options.body instanceof Blob) {
    body = options.body;
    headers["Content-Type"] = options.body.type || "application/octet-stream";
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  if (options.etag) headers["If-Match"] = options.etag;
  if (options.key) headers["Idempotency-Key"] = options.key;
  try {
    return await fetch("/api/v1" + path + queryText(options.query), { method, headers, body, signal: options.signal, credentials: "same-origin", cache: "no-store" });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: "offline", title: language.value === "en" ? "The server cannot be reached" : "连不上服务器" });
  }
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  let response = await send(method, path, options);
  if (response.status === 401 && renew && !options.quiet) {
    await renew();
    response = await send(method, path, options);
  }
  if (!response.ok) throw new ApiError(await problemOf(response));
  const json = response.status !== 204 && (response.headers.get("Content-Type") || "").includes("json");
  return {
    data: (json ? await response.json() : undefined) as T,
    etag: response.headers.get("ETag"),
    status: response.status,
    location: response.headers.get("Location"),
  };
}

export const get = <T>(path: string, query?: Record<string, unknown>, more: Options = {}) => call<T>("GET", path, { ...more, query });
export const post = <T>(path: string, body?: unknown, more: Options = {}) => call<T>("POST", path, { key: newKey(), ...more, body: body ?? {} });
export const put = <T>(path: string, body: unknown, more: Options = {}) => call<T>("PUT", path, { ...more, body });
export const remove = <T>(path: string, more: Options = {}) => call<T>("DELETE", path, more);
