/** The channels a ticket comes through, as rules number them. */

/**
 * Numbers and titles of a real account's SLA definitions (recorded 2021-2022,
 * https://github.com/salto-io/salto/tree/24ffe43de9e6a1920a7b158c787998c460eedd49, read 2026-11-22). Which word of
 * `via.channel` belongs to which number is remembered, not verified.
 */
const CHANNELS: readonly (readonly [number: string, title: string, channel: string])[] = [
  ["0", "Web form", "web"],
  ["4", "Email", "email"],
  ["5", "Web service (API)", "api"],
  ["8", "Automation", "rule"],
  ["27", "Closed ticket", "closed_ticket"],
  ["29", "Chat", "chat"],
  ["30", "Twitter", "twitter"],
  ["31", "Ticket sharing", "sharing"],
  ["33", "Voicemail", "voicemail"],
  ["34", "Phone call (incoming)", "voice"],
  ["35", "Phone call (outgoing)", "voice_outbound"],
  ["38", "Facebook Post", "facebook"],
  ["48", "Web Widget", "web_widget"],
  ["49", "Mobile SDK", "mobile_sdk"],
  ["50", "Help Center post", "help_center"],
  ["56", "Mobile", "mobile"],
  ["57", "Text", "sms"],
  ["72", "LINE", "line"],
  ["74", "WhatsApp", "whatsapp"],
  ["78", "Facebook Messenger", "messenger"],
  // Newer than the recording: the number is remembered, not verified.
  ["75", "Messaging", "native_messaging"],
];

/** Channels that a ticket can have and no rule can name. */
const NOT_LISTED: Readonly<Record<string, string>> = { side_conversation: "59" };

/** The number of a channel; one nobody listed counts as the API. */
export const channelNumber = (channel: string): string =>
  CHANNELS.find(([, , word]) => word === channel)?.[0] ?? NOT_LISTED[channel] ?? "5";

/** Every channel as a rule's list of choices shows it. */
export const channelChoices = (): readonly { readonly value: string; readonly title: string }[] =>
  CHANNELS.map(([value, title]) => ({ value, title }));
