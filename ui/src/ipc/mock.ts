/** The seam for fixtures: answers commands in the page and can send events. Absent from production bundles. */
import { emit } from "@tauri-apps/api/event";
import { mockIPC } from "@tauri-apps/api/mocks";

export type Answer = (command: string, args: Record<string, unknown>) => unknown;

export function answerWith(answer: Answer): void {
  mockIPC((command, args) => answer(command, (args ?? {}) as Record<string, unknown>), { shouldMockEvents: true });
}

export const send = (event: string, payload: unknown) => emit("told", { event, payload });
