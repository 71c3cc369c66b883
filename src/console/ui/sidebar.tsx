/** The entry of the panel beside a ticket or an organization. */
import { show } from "./shell.tsx";
import { OutsidePanel, SidePanel } from "./sidebar-panel.tsx";
import { type DeskFrame, openDeskFrame } from "./zaf.ts";

void start();

function told(name: string): string | null {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null;
}

/** Which ticket or organization, in which language and colours: the frame knows, once it has answered. */
async function start(): Promise<void> {
  try {
    const frame = await openDeskFrame(location.search, told("ps-help-desk"));
    const { about, look } = await askAll(frame, told("ps-place") === "organization");
    await show(<SidePanel frame={frame} about={about} />, look);
  } catch {
    await show(<OutsidePanel />);
  }
}

const LOOK = ["currentUser.locale", "colorScheme"] as const;

async function askAll(frame: DeskFrame, isOrganization: boolean) {
  const paths = isOrganization ? ["organization.id"] : ["ticket.id", "ticket.organization.id"];
  const answers = await frame.get([...paths, ...LOOK]);
  const { "currentUser.locale": locale, colorScheme } = answers;
  const look = {
    ...(typeof locale === "string" && locale !== "" ? { locale } : {}),
    ...(colorScheme === "dark" || colorScheme === "light" ? ({ colorScheme } as const) : {}),
  };
  const organizationId = idIn(answers[isOrganization ? "organization.id" : "ticket.organization.id"]);
  const ticketId = isOrganization ? null : idIn(answers["ticket.id"]);
  const about = isOrganization
    ? ({ kind: "organization", organizationId } as const)
    : ({ kind: "ticket", ticketId, organizationId } as const);
  return { about, look };
}

/** null = there is none: a ticket that is not saved, a requester without an organization. */
function idIn(value: unknown): string | null {
  const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
  return /^\d{1,20}$/.test(text) ? text : null;
}
