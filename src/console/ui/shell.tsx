/** What every page stands in: Garden's theme in the reader's colours, the reader's language, and the query cache. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  ColorSchemeProvider,
  DEFAULT_THEME,
  ThemeProvider,
  useColorScheme,
} from "@zendeskgarden/react-theming";
import { type ReactNode, StrictMode, useMemo } from "react";
import { createRoot } from "react-dom/client";
import { IntlProvider } from "react-intl";
import { StyleSheetManager } from "styled-components";
import { GlobalLook } from "./parts/look.tsx";
import { type Words, wordsFor } from "./words.ts";

/** What a frame around the page knows of the reader; what it does not say, the browser does. */
interface Look {
  readonly locale?: string;
  readonly colorScheme?: "light" | "dark";
}

/** Shows `page` in the element `root`, in the first of the reader's languages that we have. */
export async function show(page: ReactNode, look: Look = {}): Promise<void> {
  const root = document.getElementById("root");
  if (root === null) throw new Error("the page has no element with id root");
  const { locale, words } = await wordsFor(
    look.locale === undefined ? wantedLocales() : [look.locale, ...wantedLocales()],
  );
  document.documentElement.lang = locale;
  createRoot(root).render(
    <StrictMode>
      <Shell locale={locale} words={words} colorScheme={look.colorScheme ?? null}>
        {page}
      </Shell>
    </StrictMode>,
  );
}

/** Inside Zendesk the agent's language comes with the address; elsewhere the browser knows. */
function wantedLocales(): readonly string[] {
  const told = new URLSearchParams(location.search).get("locale");
  return told === null ? navigator.languages : [told, ...navigator.languages];
}

/** Styles that scripts make carry it, or the browser would refuse them. */
const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="ps-style-nonce"]')?.content;

interface ShellProps {
  readonly locale: string;
  readonly words: Words;
  /** null = as the reader's system has it. */
  readonly colorScheme: "light" | "dark" | null;
  readonly children: ReactNode;
}

function Shell({ locale, words, colorScheme, children }: ShellProps) {
  const queries = useMemo(
    () =>
      new QueryClient({
        defaultOptions: { queries: { staleTime: 10_000, retry: 2, refetchOnWindowFocus: true } },
      }),
    [],
  );
  return (
    <StyleSheetManager {...(styleNonce === undefined ? {} : { nonce: styleNonce })}>
      <IntlProvider locale={locale} messages={words} defaultLocale="en">
        <QueryClientProvider client={queries}>
          {/* Told from outside, it is remembered nowhere: a frame may be kept from the browser's storage. */}
          <ColorSchemeProvider
            initialColorScheme={colorScheme ?? "system"}
            {...(colorScheme === null ? {} : { colorSchemeKey: null })}
          >
            <Themed>{children}</Themed>
          </ColorSchemeProvider>
        </QueryClientProvider>
      </IntlProvider>
    </StyleSheetManager>
  );
}

function Themed({ children }: { readonly children: ReactNode }) {
  const { colorScheme } = useColorScheme();
  const theme = useMemo(
    () => ({ ...DEFAULT_THEME, colors: { ...DEFAULT_THEME.colors, base: colorScheme } }),
    [colorScheme],
  );
  return (
    <ThemeProvider theme={theme}>
      <GlobalLook />
      {children}
    </ThemeProvider>
  );
}
