// session.ts - who is logged in, what they may do, and how the page looks to them
import { defineStore } from "pinia";
import { get, post, setToken } from "./api";

export interface Session {
  id: number; login: string; name: string; kind: string; roles: string[]; permissions: string[]; totp: boolean; inspector: string | null; csrf: string; expires: string;
  department: string | null; department_name: string | null; region: string | null; region_name: string | null; office: string; demo: boolean;
}

export const useSession = defineStore("session", {
  state: () => ({ me: null as Session | null, asked: false }),
  getters: {
    can: (state) => (permission: string) => Boolean(state.me?.permissions.includes(permission)),
  },
  actions: {
    take(session: Session | null) {
      this.me = session;
      this.asked = true;
      setToken(session?.csrf || "");
    },
    /** Asks once; a 401 means nobody is logged in. */
    async ask() {
      if (this.asked) return;
      try {
        this.take((await get<Session>("/session", {}, { quiet: true })).data);
      } catch {
        this.take(null);
      }
    },
    async login(login: string, password: string, totp: string) {
      const answer = await post<Session>("/session", { login, password, ...(totp ? { totp } : {}) }, { quiet: true });
      this.take(answer.data);
    },
  },
});

type Look = { dark: boolean; large: boolean };
export function look(): Look {
  const stored = localStorage.getItem("look");
  if (stored) return JSON.parse(stored) as Look;
  return { dark: matchMedia("(prefers-color-scheme: dark)").matches, large: false };
}
export function wear(value: Look, keep = true) {
  document.documentElement.classList.toggle("dark", value.dark);
  document.documentElement.classList.toggle("large", value.large);
  if (keep) localStorage.setItem("look", JSON.stringify(value));
}
