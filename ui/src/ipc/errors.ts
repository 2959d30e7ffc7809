/** A rejection of a command is an ErrorView. Anything else is a fault of the window itself, and says so. */
import type { EffectView, ErrorView } from "./types";

export const OUTSIDE = "window.unexpected";
export const LOCKED = "window.locked";

export function isErrorView(value: unknown): value is ErrorView {
  if (typeof value !== "object" || value === null) return false;
  const it = value as Record<string, unknown>;
  return typeof it.code === "string" && typeof it.message === "string" && typeof it.remedy === "string";
}

/** Never shows what it does not know: foreign text in a rejection stays out of the page. */
export function asErrorView(rejection: unknown): ErrorView {
  if (isErrorView(rejection)) {
    return {
      code: rejection.code,
      message: rejection.message,
      remedy: rejection.remedy,
      effect: rejection.effect ?? ("unknown" satisfies EffectView),
      field: rejection.field ?? null,
      details: rejection.details ?? [],
      retryAt: rejection.retryAt ?? null,
    };
  }
  return {
    code: OUTSIDE,
    message: "the window and Keywheel disagree about this command",
    remedy: "Restart Keywheel. What was saved is kept.",
    effect: "unknown",
    field: null,
    details: [],
    retryAt: null,
  };
}

/** The error as a sentence, and what to do about it. */
export const advice = (error: ErrorView): string => `${sentence(error)} ${error.remedy}`;

/** The error as a sentence: "Provider refused the listing." */
export function sentence(error: ErrorView): string {
  const first = error.message.charAt(0).toLocaleUpperCase("en") + error.message.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
