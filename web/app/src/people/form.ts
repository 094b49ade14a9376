// form.ts - what the forms of inspectors and of experts share: the row as it is known, its draft, private numbers, saving
import { computed, ref, shallowRef, type Ref } from "vue";
import { useRoute, useRouter } from "vue-router";
import { get, newKey, post, put, type ApiError } from "../api";
import { t } from "../texts";
import { asApiError, showAlert, useAct, useGuard } from "../use";
import { splitWords } from "../words";
import { noPrivate, privateBody } from "./PrivateFields.vue";

interface Person { code: string; name: string; phone_masked?: string | null; id_no_masked?: string | null }

/** place: /inspectors or /experts. fresh: an empty row. words: its list that is typed, separated by commas. */
export function usePersonForm<Row extends Person>(place: string, fresh: () => Partial<Row>, words: (row: Row) => string[] | null | undefined) {
  const route = useRoute(), router = useRouter(), saving = useAct();
  const code = route.params.code ? String(route.params.code) : null, key = newKey(), path = `${place}/${encodeURIComponent(code ?? "")}`;
  const failure = shallowRef<ApiError | null>(null), etag = ref<string | null>(null), known = shallowRef<Row | null>(null);
  const draft = ref(null) as Ref<Row | null>, hidden = ref(noPrivate()), clean = ref(""), typed = ref("");
  const now = () => JSON.stringify([draft.value, hidden.value, typed.value]);

  async function load() {
    failure.value = null;
    try {
      if (code) {
        const answer = await get<Row>(path);
        known.value = answer.data;
        etag.value = answer.etag;
      }
      draft.value = JSON.parse(JSON.stringify(known.value ?? fresh())) as Row;
      typed.value = (known.value ? words(known.value) ?? [] : []).join("、");
      hidden.value = noPrivate();
      clean.value = now();
    } catch (e) {
      failure.value = asApiError(e);
    }
  }
  void load();
  useGuard(() => draft.value !== null && now() !== clean.value);

  /** body: of the fields of this kind; code, name and private numbers come with it. */
  async function save(body: (row: Row, typed: string[]) => Record<string, unknown>) {
    const d = draft.value!, whole = { name: d.name.trim(), ...body(d, [...new Set(splitWords(typed.value))]), ...privateBody(hidden.value) };
    const done = await saving.act(async () => (code ? await put<Row>(path, whole, { etag: etag.value }) : await post<Row>(place, { ...whole, code: d.code.trim() }, { key })).data, t("saved"));
    if (!done) return void showAlert();
    clean.value = now();
    void router.push(`${place}/${encodeURIComponent(done.code)}`);
  }
  return { code, saving, failure, known, draft, hidden, typed, load, save, back: computed(() => (code ? path : place)) };
}
