// dict.ts - the dictionaries of the installation: whole where they are short, searched at the server where they are long
import { computed, reactive, shallowReactive } from "vue";
import { get } from "./api";
import type { Choice } from "./parts/PickList.vue";
import { t } from "./texts";
import { word } from "./words";

export type DictName = "departments" | "regions" | "industries" | "units";
const held = shallowReactive<Partial<Record<DictName, Choice[]>>>({});
const names: Record<DictName, Map<string, string>> = { departments: reactive(new Map()), regions: reactive(new Map()), industries: reactive(new Map()), units: reactive(new Map()) };
const asked = new Map<string, Promise<Choice[]>>();

function fetchRows(name: DictName, q = ""): Promise<Choice[]> {
  const key = `${name} ${q}`;
  let answer = asked.get(key);
  if (!answer) {
    answer = get<{ rows: Choice[] }>(`/${name}`, { q }).then((a) => {
      for (const row of a.data.rows) names[name].set(row.code, row.name);
      const offered = a.data.rows.filter((row) => !row.retired);
      if (!q) held[name] = offered;
      return offered;
    });
    answer.catch(() => asked.delete(key));
    asked.set(key, answer);
  }
  return answer;
}

/** choices: what is shown at first; search: by name or code; name_of: the name of a code, asked for when it is not known yet. */
export function useDict(name: DictName) {
  fetchRows(name).catch(() => undefined);
  const choices = computed<Choice[]>(() => held[name] ?? []);
  const name_of = (code: string | null | undefined): string => {
    if (!code) return "";
    if (!names[name].has(code) && held[name] && name !== "departments" && name !== "units") fetchRows(name, code).catch(() => undefined);
    return names[name].get(code) ?? code;
  };
  return { choices, search: (q: string) => fetchRows(name, q), name_of };
}
export function forget(name: DictName) { for (const key of [...asked.keys()]) if (key.startsWith(name)) asked.delete(key); delete held[name]; }

/** The closed lists of the platform; their words stand in texts.ts as <list>_<id>. */
const LISTS = {
  statuses: ["active", "cancelled", "revoked", "rescinded", "moved"],
  entity_types: ["enterprise", "individual", "cooperative", "representative", "other"],
  kinds: ["entity", "product", "project", "behaviour"],
  methods: ["on_site", "written", "other_department", "testing", "online", "entrusted"],
};
export function useWords() {
  const choices = (list: keyof typeof LISTS): Choice[] => LISTS[list].map((id) => ({ code: id, name: t(`${list}_${id}`) }));
  return { choices, word };
}
