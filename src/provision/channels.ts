/**
 * Channels as conditions know them: by number (`via_id`), where tickets say a word (`via.channel`).
 *
 * Numbers as a real account's SLA definitions listed them (recorded,
 * https://github.com/salto-io/salto/tree/24ffe43de9e6a1920a7b158c787998c460eedd49, read 2026-11-22); which word belongs
 * to which number, and that triggers use the same numbers, is remembered, not verified. Titles serve channels without a
 * recorded number: the account itself lists them beside their number.
 */
import type { DeskName } from "../ports.ts";

interface Channel {
  readonly numbers: readonly string[];
  readonly title: string;
}

const CHANNELS: Readonly<Record<string, Channel>> = {
  web: { numbers: ["0"], title: "Web form" },
  email: { numbers: ["4"], title: "Email" },
  api: { numbers: ["5"], title: "Web service (API)" },
  chat: { numbers: ["29"], title: "Chat" },
  voice: { numbers: ["33", "34", "35"], title: "Voicemail" },
  sms: { numbers: ["57"], title: "Text" },
  mobile: { numbers: ["56"], title: "Mobile" },
  mobile_sdk: { numbers: ["49"], title: "Mobile SDK" },
  web_widget: { numbers: ["48"], title: "Web Widget" },
  help_center: { numbers: ["50"], title: "Help Center post" },
  closed_ticket: { numbers: ["27"], title: "Closed ticket" },
  sharing: { numbers: ["31"], title: "Ticket sharing" },
  facebook: { numbers: ["38", "41", "78"], title: "Facebook Messenger" },
  line: { numbers: ["72"], title: "LINE" },
  whatsapp: { numbers: ["74"], title: "WhatsApp" },
  native_messaging: { numbers: [], title: "Messaging" },
  messaging: { numbers: [], title: "Messaging" },
  side_conversation: { numbers: [], title: "Side conversation" },
};

/**
 * The numbers of a channel. `listed` = what this account offers; [] = it has no such channel. null = nobody can say:
 * the number is not known and the account was not asked.
 */
export function channelNumbers(name: string, listed: readonly DeskName[] | null): readonly string[] | null {
  const known = CHANNELS[name];
  const title = (known?.title ?? name.replaceAll("_", " ")).toLowerCase();
  const byTitle = (listed ?? [])
    .filter((one) => one.name.trim().toLowerCase() === title)
    .map((one) => one.id);
  const numbers = [...new Set([...(known?.numbers ?? []), ...byTitle])];
  if (numbers.length > 0)
    return listed === null ? numbers : numbers.filter((id) => listed.some((one) => one.id === id));
  return listed === null ? null : [];
}
