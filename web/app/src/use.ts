// use.ts - what pages share: lists with cursor pages, one act at a time, a guard against losing what was typed
import { nextTick, onBeforeUnmount, onMounted, reactive, ref, shallowRef, watch } from "vue";
import { onBeforeRouteLeave, useRoute, useRouter } from "vue-router";
import { ApiError, get } from "./api";
import { t } from "./texts";
import { ElMessage } from "./ui";

/** A failure of the program itself is not shown as one of the server. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof Error && error.message === "left") return new ApiError({ status: 401, code: "left", title: t("logged_out") });
  throw error;
}

export interface Page<Row> { rows: Row[]; next: string | null; total?: number | null }

/** A list whose filters live in the address: back and a shared link show the same rows. */
export function useList<Row>(path: () => string, names: string[]) {
  const route = useRoute(), router = useRouter();
  const filters = reactive<Record<string, string>>(Object.fromEntries(names.map((n) => [n, String(route.query[n] ?? "")])));
  const rows = shallowRef<Row[]>([]), total = ref<number | null>(null), loading = ref(true), error = shallowRef<ApiError | null>(null);
  const cursors = ref<string[]>([""]), next = ref<string | null>(null), size = ref(Number(localStorage.getItem("rows")) || 50);
  let abort: AbortController | null = null, wait = 0;

  async function load() {
    abort?.abort();
    const mine = (abort = new AbortController());
    loading.value = true;
    try {
      const cursor = cursors.value[cursors.value.length - 1];
      const answer = await get<Page<Row>>(path(), { ...filters, limit: size.value, cursor }, { signal: mine.signal });
      rows.value = answer.data.rows;
      total.value = answer.data.total ?? null;
      next.value = answer.data.next;
      error.value = null;
    } catch (e) {
      if (mine.signal.aborted) return;
      error.value = asApiError(e);
    }
    loading.value = false;
  }
  function again() { cursors.value = [""]; return load(); }
  function turn(step: number) {
    if (step > 0 && next.value) cursors.value.push(next.value);
    else if (step < 0 && cursors.value.length > 1) cursors.value.pop();
    else return;
    void load();
  }
  watch(filters, () => {
    clearTimeout(wait);
    wait = window.setTimeout(() => {
      const query = Object.fromEntries(Object.entries(filters).filter(([, v]) => v));
      void router.replace({ query });
      void again();
    }, 180);
  });
  watch(size, (n) => { localStorage.setItem("rows", String(n)); void again(); });
  onMounted(load);
  onBeforeUnmount(() => { clearTimeout(wait); abort?.abort(); });
  return reactive({ path, filters, rows, total, loading, error, size, next, cursors, load, again, turn,
    get page() { return cursors.value.length; } });
}

/** One act at a time: a second click while the first is under way does nothing. */
export function useAct() {
  const busy = ref(false), error = shallowRef<ApiError | null>(null);
  async function act<T>(work: () => Promise<T>, done?: string): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    error.value = null;
    try {
      const value = await work();
      if (done) ElMessage({ message: done, type: "success", plain: true });
      return value;
    } catch (e) {
      error.value = asApiError(e);
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  const field = (pointer: string) => error.value?.problem.errors?.find((e) => e.pointer === pointer)?.detail;
  return reactive({ busy, error, act, field });
}

/** What the server objected to comes into view. */
export async function showAlert() {
  await nextTick();
  document.querySelector<HTMLElement>("[role=alert]")?.scrollIntoView({ block: "center" });
}

/** Leaving a page with unsaved changes asks first. */
export function useGuard(dirty: () => boolean) {
  const warn = (event: BeforeUnloadEvent) => { if (dirty()) { event.preventDefault(); event.returnValue = ""; } };
  onMounted(() => window.addEventListener("beforeunload", warn));
  onBeforeUnmount(() => window.removeEventListener("beforeunload", warn));
  onBeforeRouteLeave(async () => !dirty() || await (await import("./parts/ask")).ask({ title: t("unsaved"), words: t("unsaved_words"), yes: t("leave"), no: t("stay"), danger: true }) !== null);
}
