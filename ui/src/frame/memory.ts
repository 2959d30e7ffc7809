/** Small choices of the window that outlive it: scope, grouping, theme. Nothing that matters. */
export function load<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`keywheel.${name}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

export function save(name: string, value: unknown): void {
  try {
    localStorage.setItem(`keywheel.${name}`, JSON.stringify(value));
  } catch {
    // A window without storage only forgets.
  }
}
