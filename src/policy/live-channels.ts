/** Conversations that are live in a messenger: their group belongs to the conversation, so neither we nor a trigger of ours moves it. */
export const LIVE_CHANNELS: readonly string[] = [
  "native_messaging",
  "messaging",
  "chat",
  "whatsapp",
  "facebook",
  "line",
];
