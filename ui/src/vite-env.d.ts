/// <reference types="svelte" />
/// <reference types="vite/client" />

/** True only in `vite dev` and in builds with the mode `mock`. */
declare const __MOCK__: boolean;
