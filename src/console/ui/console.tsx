/** The console's entry. */
import { Frame } from "./frame.tsx";
import { show } from "./shell.tsx";

void show(<Frame />);
