// visit.ts - the visit of a page, with its draft that saves itself
import { computed, onBeforeUnmount, ref, watch } from "vue";
import { conflicts, draftOf, getVisit, post, save, state } from "./state";
import type { Detail, Draft } from "./types";

const SAVE_MS = 300;

export function useVisit(key: string) {
  const visit = ref<Detail | null>(null), draft = ref<Draft | null>(null), missing = ref(false);
  let timer = 0;
  const flush = async () => {
    clearTimeout(timer);
    const unsaved = timer !== 0;
    timer = 0;
    if (unsaved && draft.value) await save(draft.value);
  };
  async function load() {
    await flush(); // what was typed meanwhile is not read over
    const found = await getVisit(key);
    missing.value = !found;
    if (!found) return;
    visit.value = found;
    draft.value = await draftOf(found);
  }
  void load();
  watch(() => [state.synced, state.letters.length], () => void load());
  watch(draft, (now, before) => {
    if (!now || now !== before) return;
    clearTimeout(timer);
    timer = window.setTimeout(flush, SAVE_MS);
  }, { deep: true });
  document.addEventListener("visibilitychange", flush);
  onBeforeUnmount(() => { document.removeEventListener("visibilitychange", flush); flush(); });
  const differing = computed(() => (visit.value && draft.value ? conflicts(draft.value, visit.value.record?.answers ?? []) : []));
  const letter = computed(() => state.letters.find((l) => l.key === key && (l.final || l.state === "conflict")));
  const ended = computed(() => visit.value?.state === "submitted");
  const answered = computed(() => Object.values(draft.value?.answers ?? {}).filter((a) => a.answer).length);
  return {
    visit, draft, missing, differing, letter, ended, answered, flush,
    async share() {
      if (visit.value && draft.value && Object.values(draft.value.answers).some((a) => a.dirty)) await post(visit.value, draft.value, false);
    },
  };
}
