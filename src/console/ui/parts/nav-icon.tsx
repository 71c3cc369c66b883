/** The signs of the navigation, drawn as strokes so that they take the text's colour. */
export type NavIconName =
  | "overview"
  | "customers"
  | "policy"
  | "tickets"
  | "promises"
  | "reports"
  | "mapping"
  | "setup";

const STROKES: Readonly<Record<NavIconName, string>> = {
  overview: "M3 13h4l2-8 4 14 3-9 2 3h5",
  customers:
    "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2 22c0-4.5 3-7 7-7s7 2.5 7 7M17 4a4 4 0 0 1 0 7M24 22c0-4-2-6.3-5-6.8",
  policy: "M6 2h10l5 5v17H6ZM16 2v5h5M10 12h7M10 16h7M10 20h4",
  tickets: "M3 7h20v4a2.500 2.500 0 0 0 0 5v4H3v-4a2.500 2.500 0 0 0 0-5ZM15 7v13",
  promises: "M13 24a11 11 0 1 0 0-22 11 11 0 0 0 0 22ZM13 7v6l4 3",
  mapping: "M3 6h7l6 14h7M19 16l4 4-4 4M3 20h7l2-4.500M14 10.500 16 6h7M19 2l4 4-4 4",
  setup: "M4 6l2 2 3-4M4 14l2 2 3-4M5 22h3M13 6h9M13 14h9M13 22h9",
  reports: "M3 23h20M6 23v-8h4v8M11 23V5h4v18M16 23V11h4v12",
};

/** One of them, hidden from screen readers: the text beside it says the same. */
export function NavIcon({ name }: { readonly name: NavIconName }) {
  return (
    <svg viewBox="0 0 26 26" width="26" height="26" aria-hidden="true" focusable="false">
      <path
        d={STROKES[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
