/** The console's entry. */
import { Frame } from "./frame.tsx";
import { show } from "./shell.tsx";
import { SignedIn } from "./sign-in.tsx";

void show(
  <SignedIn>
    <Frame />
  </SignedIn>,
);
