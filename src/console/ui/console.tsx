/** The console's entry: alone in a browser, or in the help desk's navigation bar. */
import { FollowColours, lookIn, ownDesk } from "./desk-look.tsx";
import { Frame } from "./frame.tsx";
import { show } from "./shell.tsx";
import { SignedIn } from "./sign-in.tsx";
import { openDeskFrame } from "./zaf.ts";

void start();

async function start(): Promise<void> {
  const page = (
    <SignedIn>
      <Frame />
    </SignedIn>
  );
  if (ownDesk() === null) return show(page);
  try {
    const frame = await openDeskFrame(location.search, ownDesk());
    const look = await lookIn(frame);
    await show(
      <>
        <FollowColours frame={frame} />
        {page}
      </>,
      look,
    );
  } catch {
    // A frame that says nothing of its reader is no reason to show nothing.
    await show(page);
  }
}
