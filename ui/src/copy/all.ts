/** One file a feature. A name that two of them export is an error of the compiler. */
export * from "./accounts";
export * from "./activity";
export * from "./batch";
export * from "./drawer";
export * from "./frame";
export * from "./keys";
export * from "./leak";
export * from "./overview";
export * from "./policies";
export * from "./quick";
export * from "./rotations";
export * from "./scan";
export * from "./settings";
export * from "./silence";
export * from "./targets";
export * from "./timeline";
export * from "./words";
