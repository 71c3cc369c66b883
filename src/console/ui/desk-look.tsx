/** The reader's language and colours as the help desk around the page has them, also when they change. */
import { useColorScheme } from "@zendeskgarden/react-theming";
import { useEffect } from "react";
import type { DeskFrame } from "./zaf.ts";

/** What the frame says of its reader; what it does not say, the browser does. */
export interface DeskLook {
  readonly locale?: string;
  readonly colorScheme?: "light" | "dark";
}

/** The help desk the service works with, as the page was told; null = it was not. */
export function ownDesk(): string | null {
  return document.querySelector<HTMLMetaElement>('meta[name="ps-help-desk"]')?.content ?? null;
}

/** Asks the frame. Rejects when it says nothing in time. */
export async function lookIn(frame: DeskFrame): Promise<DeskLook> {
  const { "currentUser.locale": locale, colorScheme } = await frame.get([
    "currentUser.locale",
    "colorScheme",
  ]);
  return {
    ...(typeof locale === "string" && locale !== "" ? { locale } : {}),
    ...(isScheme(colorScheme) ? { colorScheme } : {}),
  };
}

function isScheme(value: unknown): value is "light" | "dark" {
  return value === "light" || value === "dark";
}

/** Keeps the page in the colours that the reader chooses in the help desk. */
export function FollowColours({ frame }: { readonly frame: DeskFrame }) {
  const { setColorScheme } = useColorScheme();
  useEffect(
    () =>
      frame.on("colorScheme.changed", (scheme) => {
        if (isScheme(scheme)) setColorScheme(scheme);
      }),
    [frame, setColorScheme],
  );
  return null;
}
