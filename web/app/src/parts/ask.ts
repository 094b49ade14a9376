// ask.ts - a question in a dialog: yes or no, with a reason where one is asked for. null = no.
import { reactive } from "vue";
export interface Question { title: string; words?: string; yes?: string; no?: string; reason?: string; danger?: boolean }
export const asked = reactive({ now: null as Question | null, answer: null as ((value: string | null) => void) | null });

export function ask(question: Question): Promise<string | null> {
  asked.answer?.(null);
  return new Promise((resolve) => {
    asked.now = question;
    asked.answer = (value) => { asked.now = null; asked.answer = null; resolve(value); };
  });
}
