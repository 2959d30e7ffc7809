/** Every English word of the window. Messages and remedies of errors come from Rust. */
export * as copy from "./copy/all";
