import Quick from "./Quick.svelte";
import { start } from "../start";

void start(Quick);
