// import/Paged.ts - one list of an import, a page at a time
import { reactive, ref, shallowRef, watch } from "vue";
import { get } from "../api";
import { useAct } from "../use";
export function usePaged<Row>(path: () => string, query: () => Record<string, unknown>) {
  const act = useAct(), rows = shallowRef<Row[]>([]), total = ref<number | null>(null), next = ref<string | null>(null), cursors = ref<string[]>([""]), size = ref(20), ready = ref(false);
  async function load() {
    const answer = await act.act(() => get<{ rows: Row[]; next: string | null; total?: number }>(path(), { ...query(), limit: size.value, cursor: cursors.value[cursors.value.length - 1] }));
    if (!answer) return;
    rows.value = answer.data.rows; next.value = answer.data.next; total.value = answer.data.total ?? null; ready.value = true;
  }
  function turn(step: number) {
    if (step > 0 && next.value) cursors.value.push(next.value);
    else if (step < 0 && cursors.value.length > 1) cursors.value.pop();
    else return;
    void load();
  }
  watch([path, query, size], () => { cursors.value = [""]; void load(); }, { immediate: true, deep: true });
  return reactive({ act, rows, total, next, cursors, size, ready, turn, load });
}
