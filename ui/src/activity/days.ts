/** Activity by day, newest first. Pure. */
import type { ActivityView } from "../ipc/types";
import { dayOf } from "../parts/time";

export interface Day {
  id: string;
  at: string;
  events: ActivityView[];
}

export function days(events: readonly ActivityView[], filter: string): Day[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const out: Day[] = [];
  for (const event of events) {
    const text = `${event.sentence} ${event.verb} ${event.result} ${event.actor} ${event.errorCode ?? ""}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const id = dayOf(event.at);
    const last = out.at(-1);
    if (last?.id === id) last.events.push(event);
    else out.push({ id, at: event.at, events: [event] });
  }
  return out;
}
