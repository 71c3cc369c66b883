/** The entry of the panel beside a ticket or an organization. */
import { type DeskLook, lookIn, ownDesk } from "./desk-look.tsx";
import { show } from "./shell.tsx";
import type { About } from "./sidebar-about.ts";
import { OutsidePanel, SidePanel } from "./sidebar-panel.tsx";
import { type DeskFrame, openDeskFrame, recordOf } from "./zaf.ts";

void start();

/** Which ticket or organization, in which language and colours: the frame knows, once it has answered. */
async function start(): Promise<void> {
  try {
    const frame = await openDeskFrame(location.search, ownDesk());
    const [about, look] = await Promise.all([askAbout(frame), lookIn(frame)]);
    await showPanel(frame, about, look);
  } catch {
    await show(<OutsidePanel />);
  }
}

function showPanel(frame: DeskFrame, about: About, look: DeskLook): Promise<void> {
  return show(<SidePanel frame={frame} first={about} again={() => askAbout(frame)} />, look);
}

const isOrganization =
  document.querySelector<HTMLMetaElement>('meta[name="ps-place"]')?.content === "organization";

async function askAbout(frame: DeskFrame): Promise<About> {
  if (isOrganization) {
    const { "organization.id": id } = await frame.get(["organization.id"]);
    return { kind: "organization", organizationId: idIn(id) };
  }
  const answers = await frame.get(["ticket.id", "ticket.organization", "ticket.requester.email"]);
  const { "ticket.requester.email": email } = answers;
  return {
    kind: "ticket",
    ticketId: idIn(answers["ticket.id"]),
    organizationId: idIn(recordOf(answers["ticket.organization"]).id),
    requester: typeof email === "string" && email !== "" ? email.toLowerCase() : null,
  };
}

/** null = there is none: a ticket that is not saved, a requester without an organization. */
function idIn(value: unknown): string | null {
  const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
  return /^\d{1,20}$/.test(text) ? text : null;
}
