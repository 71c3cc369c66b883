/** The entry of the panel beside a ticket or an organization. */
import { show } from "./shell.tsx";

void show(null);
